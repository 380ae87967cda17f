import { Int32 } from 'bson';
import { isDoc, numberOf, rank, rankOf, type Doc, type Value } from '../bson/value.js';
import { CommandError } from '../errors.js';
import { docsField, onlyFields, type Call, type Command, type Parts } from './call.js';
import { once, type RetryKey } from './retry.js';
import { explainWith } from './explain.js';
import { takesGeneral } from './general.js';
import { aliases, commands } from './table.js';

/**
 * Runs one command and answers it; never throws.
 * @param address what the client dialled, for `hello`
 */
export async function dispatch(body: Doc, address: string, parts: Parts): Promise<Doc> {
  try {
    const answer = await answered(body, address, parts);
    return new Map<string, Value>([...answer, ['ok', 1]]);
  } catch (error) {
    return refusal(error);
  }
}

async function answered(body: Doc, address: string, parts: Parts): Promise<Doc> {
  const call = readCall(body, address);
  const command = commandOf(call);
  checkFields(command, call);
  if (command.kind === 'read') return command.run(call, parts);
  const key = retryKey(call);
  return parts.store.env.write(() =>
    key ? once(parts, key, () => command.run(call, parts)) : command.run(call, parts),
  );
}

/** The answer to what went wrong; the text of an unexpected error may hold contents, so only its class is told. */
export function refusal(error: unknown): Doc {
  const known =
    error instanceof CommandError
      ? error
      : new CommandError(1, `Unexpected ${error instanceof Error ? error.name : typeof error} in the store`);
  return new Map<string, Value>([
    ['ok', 0],
    ['errmsg', known.message],
    ['code', new Int32(known.code)],
    ['codeName', known.codeName],
    ...known.details,
  ]);
}

/** The command at the head of a document. @throws CommandError 59, 73 */
function readCall(body: Doc, address: string, database = body.get('$db')): Call {
  const [sent] = body.keys();
  if (sent === undefined) throw new CommandError(59, "no such command: ''");
  const name = aliases[sent] ?? sent;
  if (typeof database !== 'string' || database === '' || /[\0/\\. "$]/.test(database))
    throw new CommandError(73, `Invalid database name: '${typeof database === 'string' ? database : ''}'`);
  const named =
    name === sent ? body : new Map<string, Value>([[name, body.get(sent) ?? null], ...[...body].slice(1)]);
  const maxTimeMs = numberOf(body.get('maxTimeMS')) ?? 0;
  const deadline = maxTimeMs > 0 ? performance.now() + maxTimeMs : Infinity;
  return { name, database, body: named, address, deadline };
}

/** `explain` is a command about commands: what it explains is checked as if it ran. */
const explain = explainWith((body, outer) => {
  const call = readCall(body, outer.address, outer.database);
  checkFields(commandOf(call), call);
  return call;
});

/** @throws CommandError 59 */
function commandOf(call: Call): Command {
  if (call.name === 'explain') return explain;
  const command = Object.hasOwn(commands, call.name) ? commands[call.name] : undefined;
  if (!command) throw new CommandError(59, `no such command: '${call.name}'`);
  return command;
}

/** Whatever the table does not list is refused: an option that is ignored gives wrong answers. */
function checkFields(command: Command, call: Call): void {
  if (command.fields.includes('*')) return;
  for (const name of call.body.keys()) {
    if (!command.fields.includes(name) && !takesGeneral(name, call, command))
      throw new CommandError(9, `BSON field '${call.name}.${name}' is not supported by this store`);
  }
  if (!command.statements || !call.body.has(command.statements.field)) return;
  const { field, fields, required } = command.statements;
  for (const statement of docsField(call.body, field)) {
    // Null is as good as missing: an empty filter would mean everything.
    const missing = required.find((name) => isMissing(statement.get(name)));
    if (missing !== undefined)
      throw new CommandError(
        40414,
        `BSON field '${call.name}.${field}.${missing}' is missing but a required field`,
      );
    onlyFields(statement, `${call.name}.${field}`, fields);
  }
}

function isMissing(value: Value | undefined): boolean {
  return value === undefined || value === null || rankOf(value) === rank.undefined;
}

/** Who repeats what: a driver sends both with every write that it may send again. */
function retryKey(call: Call): RetryKey | undefined {
  const txnNumber = call.body.get('txnNumber');
  if (txnNumber === undefined) return undefined;
  const lsid = call.body.get('lsid');
  const session = isDoc(lsid) ? lsid.get('id') : undefined;
  if (session === undefined || typeof txnNumber !== 'bigint')
    throw new CommandError(72, 'A transaction number needs a session and must be a 64-bit integer');
  return { session, txnNumber };
}
