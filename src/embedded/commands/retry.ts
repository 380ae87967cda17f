import { decode } from '../bson/decode.js';
import { encode } from '../bson/encode.js';
import { fields, isDoc, type Doc, type Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { kind } from '../storage/catalog.js';
import { KeyWriter, after, fitted } from '../storage/keys.js';
import type { Environment } from '../storage/environment.js';
import { type Parts } from './call.js';

export interface RetryKey {
  readonly session: Value;
  readonly txnNumber: bigint;
}

/** MongoDB's session timeout; a driver gives a repetition up long before. */
const keptMs = 30 * 60_000;

/**
 * Runs a write once per session and number: a repetition gets the first answer. The answer is remembered in the
 * transaction of the write itself, so both are there after a crash or neither is.
 * @throws CommandError 225 for a number below the session's last one
 */
export function once({ store, now }: Parts, key: RetryKey, run: () => Doc): Doc {
  const row = rowKey(key.session);
  const stored = store.env.get(row);
  const known = stored && decode(stored);
  const last = known?.get('txnNumber');
  if (typeof last === 'bigint' && last > key.txnNumber)
    throw new CommandError(225, `Retryable write with txnNumber ${key.txnNumber} is older than ${last}`);
  const answer = last === key.txnNumber ? known?.get('answer') : undefined;
  if (isDoc(answer)) return answer;
  const fresh = run();
  store.env.put(row, encode(fields({ txnNumber: key.txnNumber, at: now(), answer: fresh })));
  return fresh;
}

/** Removes answers older than 30 minutes, inside a transaction; looks at `limit` rows from `start` and returns where to go on. */
export function forgetAnswers(
  env: Environment,
  now: Date,
  start: Buffer | undefined,
  limit: number,
): Buffer | undefined {
  const prefix = Buffer.from([kind.session]);
  const rows = env.rows({ start: start ?? prefix, end: after(prefix) }, limit);
  for (const row of rows) {
    const at = decode(row.value).get('at');
    if (!(at instanceof Date) || now.getTime() - at.getTime() > keptMs) env.remove(row.key);
  }
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return last && Buffer.concat([last.key, Buffer.from([0])]);
}

function rowKey(session: Value): Buffer {
  return Buffer.concat([Buffer.from([kind.session]), fitted(new KeyWriter().field(session, 1).done()).key]);
}
