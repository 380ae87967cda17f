/** Questions to a session in another process, and its answers, as sealed bytes: whoever can read the relay learns nothing. */

import { deserialize, serialize } from 'node:v8';

import type { tl } from '@mtcute/tl';

import type { GatewayError } from '../../domain/errors.js';
import { type ErrorCode } from '../../domain/errors.js';
import type { KeyRing } from '../../ports/runtime.js';
import { fromLong, isLong, toLong } from '../tl/long.js';
import type { RpcCallError } from '../rpc/errors.js';

export type Question =
  | { readonly do: 'call'; readonly method: tl.RpcMethod; readonly deadlineMs?: number | undefined }
  | {
      readonly do: 'file-call';
      readonly dc?: number | undefined;
      readonly method: tl.RpcMethod;
      readonly deadlineMs?: number | undefined;
    }
  | { readonly do: 'resync' };

export type Answer =
  | { readonly ok: true; readonly result?: unknown }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly cause?: RpcCallError | undefined;
    };

/** One direction of one session's traffic. */
export interface Envelope<T> {
  seal(value: T): Uint8Array;
  /** Throws KEY_WRONG for what was not sealed for this direction of this session. */
  open(bytes: Uint8Array): T;
}

export function envelope<T extends Question | Answer>(
  keyring: KeyRing,
  direction: 'question' | 'answer',
  session: string,
): Envelope<T> {
  const context = `relay-${direction}-${session}`;
  return {
    seal: (value) => Buffer.from(keyring.seal(serialize(withoutLongs(value)), context), 'latin1'),
    // What the key ring opens was sealed by one of us.
    open: (bytes) =>
      withLongs(deserialize(keyring.open(Buffer.from(bytes).toString('latin1'), context))) as T,
  };
}

export function refusalOf(error: GatewayError, cause: RpcCallError | undefined): Answer {
  return { ok: false, code: error.code, detail: error.detail, cause };
}

/** Long is a class and would arrive without its methods; bigint means nothing else in TL objects. */
function withoutLongs(value: unknown): unknown {
  if (isLong(value)) return fromLong(value);
  return mapped(value, withoutLongs);
}

function withLongs(value: unknown): unknown {
  return typeof value === 'bigint' ? toLong(value) : mapped(value, withLongs);
}

function mapped(value: unknown, map: (each: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each)]));
}
