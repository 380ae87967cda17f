/** Refusals of the side that reads a file: they say nothing of where it was going. */

import { GatewayError, type ErrorCode } from '../../domain/errors.js';
import { rpcErrorOf } from '../rpc/errors.js';

/** Time or a new login help against these. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'ANSWER_LOST',
  'FLOOD_WAIT',
  'SESSION_DEAD',
  'TELEGRAM_UNREACHABLE',
]);

/** Telegram's refusal to show a file or its message as CONTENT_UNSUPPORTED; everything else as it is. */
export function unreadable(thrown: unknown): unknown {
  if (!(thrown instanceof GatewayError) || passing.has(thrown.code)) return thrown;
  const type = rpcErrorOf(thrown)?.type;
  if (type === undefined && thrown.code !== 'PEER_UNKNOWN') return thrown;
  // The way to the file's data centre was refused, not the file: the next try has another authorization.
  if (type === 'AUTH_BYTES_INVALID') return thrown;
  const why = type ?? 'its chat is out of sight';
  // The whole error is the cause: Telegram's own, right beneath, would be read as the refusal of the place where it was going.
  return new GatewayError('CONTENT_UNSUPPORTED', `its file can not be read any more (${why})`, {
    cause: thrown,
  });
}
