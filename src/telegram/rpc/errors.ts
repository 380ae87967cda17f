/** Telegram's error texts, split once: nothing above this file compares strings of the wire. */

import { GatewayError, type ErrorCode } from '../../domain/errors.js';
import type { DeathReason } from '../link/link.js';

/** What Telegram answered; it travels as the `cause` of the GatewayError that a call rejects with. */
export interface RpcCallError {
  readonly kind: 'rpc';
  /** Like an HTTP status: 303, 400, 401, 403, 406, 420, 500, -503. */
  readonly code: number;
  /** `FLOOD_WAIT` of `FLOOD_WAIT_3`. */
  readonly type: string;
  /** 3 of `FLOOD_WAIT_3`: seconds, DC or part number. */
  readonly argument?: number;
  /** The TL name of the method that was called. */
  readonly method: string;
  /** The call had left before and was never answered: this refusal is its repetition's and says nothing about the first one. */
  readonly repeated?: true;
}

/** The GatewayError of an rpc_error; its cause is the RpcCallError. `repeated`: the same call had left before. */
export function rpcFailure(code: number, text: string, method: string, repeated = false): GatewayError {
  const cause = { ...splitError(code, text, method), ...(repeated ? { repeated } : {}) };
  return new GatewayError(gatewayCodeOf(cause), detailOf(cause), { cause });
}

/** What Telegram answered, if that is why the call was rejected. */
export function rpcErrorOf(thrown: unknown): RpcCallError | undefined {
  const cause = thrown instanceof GatewayError ? thrown.cause : undefined;
  return isRpcCallError(cause) ? cause : undefined;
}

/** True if Telegram answered one of these types (`PASSWORD_HASH_INVALID`, without argument). */
export function isRpcError(thrown: unknown, ...types: readonly string[]): boolean {
  const error = rpcErrorOf(thrown);
  return error !== undefined && types.includes(error.type);
}

/** Seconds to wait, for every error that asks for a pause. */
export function floodSeconds(thrown: unknown): number | undefined {
  const error = rpcErrorOf(thrown);
  return error !== undefined && isFlood(error) ? error.argument : undefined;
}

/** The same refusal once more, with the seconds that are left, for a call that is not even sent. */
export function floodAgain(thrown: unknown, leftSeconds: number, method: string): GatewayError {
  const { code = 420, type = 'FLOOD_WAIT' } = rpcErrorOf(thrown) ?? {};
  return rpcFailure(code, `${type}_${leftSeconds}`, method);
}

/** The DC that Telegram sends us to, and what moves there: the whole session, or this one call. */
export function migration(
  thrown: unknown,
): { readonly dc: number; readonly scope: 'session' | 'call' } | undefined {
  const error = rpcErrorOf(thrown);
  if (error?.argument === undefined) return undefined;
  switch (error.type) {
    case 'PHONE_MIGRATE':
    case 'NETWORK_MIGRATE':
    case 'USER_MIGRATE':
      return { dc: error.argument, scope: 'session' };
    case 'FILE_MIGRATE':
    case 'STATS_MIGRATE':
      return { dc: error.argument, scope: 'call' };
    default:
      return undefined;
  }
}

/** Why the session is over, if this error says so. AUTH_KEY_UNREGISTERED is also the answer before a login. */
export function deathReason(thrown: unknown): DeathReason | undefined {
  const type = rpcErrorOf(thrown)?.type;
  return DEATHS.find((reason) => reason === type);
}

/** Telegram has forgotten who speaks over this connection, or in which layer; the call counts once it was told again. */
export function wantsInitialising(thrown: unknown): boolean {
  return isRpcError(thrown, 'CONNECTION_NOT_INITED', 'CONNECTION_LAYER_INVALID');
}

/** Telegram's own trouble: the same call may pass in a moment. */
export function isTransient(thrown: unknown): boolean {
  const error = rpcErrorOf(thrown);
  if (error !== undefined) return isServerTrouble(error);
  return thrown instanceof GatewayError && thrown.code === 'ANSWER_LOST';
}

const DEATHS: readonly DeathReason[] = [
  'AUTH_KEY_DUPLICATED',
  'AUTH_KEY_UNREGISTERED',
  'AUTH_KEY_INVALID',
  'SESSION_REVOKED',
  'SESSION_EXPIRED',
  'USER_DEACTIVATED',
  'USER_DEACTIVATED_BAN',
];

const CODES: Readonly<Record<string, ErrorCode>> = {
  RANDOM_ID_DUPLICATE: 'ALREADY_SENT',
  ACCESS_TOKEN_EXPIRED: 'BOT_TOKEN_INVALID',
  ACCESS_TOKEN_INVALID: 'BOT_TOKEN_INVALID',
  PHONE_NUMBER_BANNED: 'PHONE_INVALID',
  PHONE_NUMBER_INVALID: 'PHONE_INVALID',
  PHONE_NUMBER_UNOCCUPIED: 'PHONE_INVALID',
  PHONE_CODE_EMPTY: 'CODE_INVALID',
  PHONE_CODE_EXPIRED: 'CODE_INVALID',
  PHONE_CODE_INVALID: 'CODE_INVALID',
  PASSWORD_HASH_INVALID: 'PASSWORD_INVALID',
  AUTH_TOKEN_EXPIRED: 'QR_EXPIRED',
  PEER_ID_INVALID: 'PEER_UNKNOWN',
  USER_ID_INVALID: 'PEER_UNKNOWN',
  CHANNEL_INVALID: 'PEER_UNKNOWN',
  CHANNEL_PRIVATE: 'PEER_UNKNOWN',
  CHAT_ID_INVALID: 'PEER_UNKNOWN',
  INPUT_USER_DEACTIVATED: 'CLIENT_BLOCKED',
  USER_IS_BLOCKED: 'CLIENT_BLOCKED',
  YOU_BLOCKED_USER: 'CLIENT_BLOCKED',
  CHANNEL_FORUM_MISSING: 'GROUP_NOT_FORUM',
  CHAT_ADMIN_REQUIRED: 'GROUP_RIGHTS',
  CHAT_WRITE_FORBIDDEN: 'GROUP_RIGHTS',
  RIGHT_FORBIDDEN: 'GROUP_RIGHTS',
  TOPIC_CLOSED: 'TOPIC_CLOSED',
  TOPIC_DELETED: 'TOPIC_GONE',
  TOPIC_ID_INVALID: 'TOPIC_GONE',
  CHAT_FORWARDS_RESTRICTED: 'CONTENT_UNSUPPORTED',
  MEDIA_EMPTY: 'CONTENT_UNSUPPORTED',
  MEDIA_INVALID: 'CONTENT_UNSUPPORTED',
  MESSAGE_EMPTY: 'CONTENT_UNSUPPORTED',
};

function gatewayCodeOf(error: RpcCallError): ErrorCode {
  if (DEATHS.some((reason) => reason === error.type)) return 'SESSION_DEAD';
  if (isFlood(error)) return 'FLOOD_WAIT';
  if (isServerTrouble(error)) return 'TELEGRAM_UNREACHABLE';
  return CODES[error.type] ?? 'TELEGRAM_REFUSED';
}

function detailOf(error: RpcCallError): string {
  return isFlood(error) ? String(error.argument ?? 0) : error.type;
}

function splitError(code: number, text: string, method: string): RpcCallError {
  // The number stands last (FLOOD_WAIT_3) or inside (FILE_PART_3_MISSING, INTERDC_2_CALL_ERROR).
  const [, head, digits, tail] = /^([A-Z0-9_]*?)_(\d+)((?:_[A-Z_]+)?)$/.exec(text) ?? [];
  const kind = 'rpc';
  if (head === undefined || digits === undefined || tail === undefined)
    return { kind, code, type: text, method };
  return { kind, code, type: head + tail, argument: Number(digits), method };
}

function isFlood(error: RpcCallError): boolean {
  return error.argument !== undefined && error.type.endsWith('_WAIT');
}

/** 5xx, negative transport codes passed through as errors, and the waits that Telegram's workers give up on. */
function isServerTrouble(error: RpcCallError): boolean {
  // RANDOM_ID_DUPLICATE comes with code 500 and is a final answer.
  if (error.type in CODES) return false;
  return (
    error.code >= 500 || error.code < 0 || error.type === 'MSG_WAIT_TIMEOUT' || error.type === 'RPC_CALL_FAIL'
  );
}

function isRpcCallError(cause: unknown): cause is RpcCallError {
  return typeof cause === 'object' && cause !== null && 'kind' in cause && cause.kind === 'rpc';
}
