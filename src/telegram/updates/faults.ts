/** What an error of a difference, a state or a probe means for the engine (mtproto.md §2.2 step 8). */
import type { RpcFault } from './ports.js';

export type Judgement =
  /** The session is gone: only a new login helps. */
  | { readonly means: 'terminal' }
  /** Exactly this long. */
  | { readonly means: 'wait'; readonly delayMs: number }
  /** Our counter is worthless: never silently replaced, always with a hole. */
  | { readonly means: 'timestamp-invalid' }
  /** No entry to this channel (any more). */
  | { readonly means: 'inaccessible' }
  /** Telegram will say the same again; `retry` is for what may pass. */
  | { readonly means: 'refused' }
  | { readonly means: 'retry' };

const terminal = new Set([
  'AUTH_KEY_UNREGISTERED',
  'AUTH_KEY_INVALID',
  'AUTH_KEY_DUPLICATED',
  'AUTH_KEY_PERM_EMPTY',
]);
const terminalPrefix = /^(SESSION_(REVOKED|EXPIRED)|USER_DEACTIVATED)/;
const inaccessible = new Set([
  'CHANNEL_PRIVATE',
  'CHANNEL_INVALID',
  'CHANNEL_PUBLIC_GROUP_NA',
  'CHAT_FORBIDDEN',
  'CHAT_WRITE_FORBIDDEN',
  'USER_BANNED_IN_CHANNEL',
  'FROM_MESSAGE_BOT_DISABLED',
  'FROZEN_PARTICIPANT_MISSING',
]);

/** Undefined is a call without an answer of Telegram: network, deadline. */
export function judge(fault: RpcFault | undefined): Judgement {
  if (fault === undefined) return { means: 'retry' };
  const { code, type } = fault;
  if (terminal.has(type) || terminalPrefix.test(type)) return { means: 'terminal' };
  if (code === 420 || type.startsWith('FLOOD_')) {
    // A frozen account is refused under the same code and told no time.
    return fault.argument === undefined
      ? { means: 'retry' }
      : { means: 'wait', delayMs: fault.argument * 1000 };
  }
  if (/^PERSISTENT_TIMESTAMP_(INVALID|EMPTY)/.test(type)) return { means: 'timestamp-invalid' };
  if (type.startsWith('PERSISTENT_TIMESTAMP')) return { means: 'retry' };
  if (inaccessible.has(type)) return { means: 'inaccessible' };
  // Of the connection or of Telegram's own machines, not of what was asked.
  if (/^(CONNECTION|MSG_WAIT)_|^RPC_CALL_FAIL$/.test(type)) return { means: 'retry' };
  return code >= 400 && code < 500 && code !== 406 && code !== 401
    ? { means: 'refused' }
    : { means: 'retry' };
}

/** Milliseconds before the next try: 1, 2, 4 … 60 s; a fifth of it is jitter. */
export function backoff(attempt: number): { readonly delayMs: number; readonly jitterMs: number } {
  const delayMs = Math.min(1000 * 2 ** Math.min(attempt, 6), 60_000);
  return { delayMs, jitterMs: delayMs / 5 };
}
