/** What Telegram's refusals mean for a send: the one table from its error types to the codes that ports/telegram.ts promises. */

import { GatewayError, asGatewayError, type ErrorCode } from '../../domain/errors.js';
import { markedId, peerParts, type Peer } from '../../domain/ids.js';
import type { OutgoingPart } from '../../ports/telegram.js';
import { isTransient, rpcErrorOf } from '../rpc/errors.js';

/** Types as rpc/errors.ts splits them; what stands in no row is TELEGRAM_REFUSED, waits are FLOOD_WAIT, 401s SESSION_DEAD. */
const typesOf = {
  ALREADY_SENT: ['RANDOM_ID_DUPLICATE'],
  TOPIC_CLOSED: ['TOPIC_CLOSED'],
  TOPIC_GONE: ['TOPIC_DELETED', 'TOPIC_ID_INVALID'],
  GROUP_NOT_FORUM: ['CHANNEL_FORUM_MISSING'],
  GROUP_RIGHTS: [
    'CHAT_ADMIN_REQUIRED',
    'CHAT_GUEST_SEND_FORBIDDEN',
    'CHAT_RESTRICTED',
    'CHAT_SEND_AUDIOS_FORBIDDEN',
    'CHAT_SEND_DOCS_FORBIDDEN',
    'CHAT_SEND_GIFS_FORBIDDEN',
    'CHAT_SEND_MEDIA_FORBIDDEN',
    'CHAT_SEND_PHOTOS_FORBIDDEN',
    'CHAT_SEND_PLAIN_FORBIDDEN',
    'CHAT_SEND_ROUNDVIDEOS_FORBIDDEN',
    'CHAT_SEND_STICKERS_FORBIDDEN',
    'CHAT_SEND_VIDEOS_FORBIDDEN',
    'CHAT_SEND_VOICES_FORBIDDEN',
    'CHAT_WRITE_FORBIDDEN',
    'RIGHT_FORBIDDEN',
    'USER_BANNED_IN_CHANNEL',
  ],
  CLIENT_BLOCKED: [
    'INPUT_USER_DEACTIVATED',
    'USER_BLOCKED',
    'USER_IS_BLOCKED',
    'USER_PRIVACY_RESTRICTED',
    'YOU_BLOCKED_USER',
  ],
  PEER_UNKNOWN: [
    'CHANNEL_INVALID',
    'CHANNEL_PRIVATE',
    'CHAT_ID_INVALID',
    'PEER_ID_INVALID',
    'USER_ID_INVALID',
  ],
  CONTENT_UNSUPPORTED: [
    'CHAT_FORWARDS_RESTRICTED',
    'DOCUMENT_INVALID',
    'ENTITY_BOUNDS_INVALID',
    'FILE_PARTS_INVALID',
    'IMAGE_PROCESS_FAILED',
    'MEDIA_CAPTION_TOO_LONG',
    'MEDIA_EMPTY',
    'MEDIA_GROUPED_INVALID',
    'MEDIA_INVALID',
    'MESSAGE_EMPTY',
    'MESSAGE_TOO_LONG',
    'MULTI_MEDIA_TOO_LONG',
    'PHOTO_EXT_INVALID',
    'PHOTO_INVALID_DIMENSIONS',
    'PHOTO_SAVE_FILE_INVALID',
    'PREMIUM_ACCOUNT_REQUIRED',
    'VIDEO_CONTENT_TYPE_INVALID',
    'VOICE_MESSAGES_FORBIDDEN',
  ],
  // Nothing was sent, and what is uploaded or exported anew is taken.
  TELEGRAM_UNREACHABLE: ['AUTH_BYTES_INVALID', 'FILE_PART_MISSING'],
} as const satisfies Partial<Record<ErrorCode, readonly string[]>>;

const codeOf: ReadonlyMap<string, ErrorCode> = new Map(
  (Object.entries(typesOf) as [ErrorCode, readonly string[]][]).flatMap(([code, types]) =>
    types.map((type) => [type, code] as const),
  ),
);

/** The message that is answered, or the topic itself, is not there. */
export const replyTypes = ['MSG_ID_INVALID', 'REPLY_MESSAGE_ID_INVALID', 'REPLY_TO_INVALID'] as const;

/** Where a call was going. */
export interface Target {
  readonly peer: Peer;
  readonly topic?: number | undefined;
}

/** Runs a step that only prepares a send; throws its `preparationFailure`. */
export async function preparing<T>(target: Target, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    throw preparationFailure(thrown, target);
  }
}

/** Does what concerns these parts of a send: a refusal that is final says so, unless it names some of them already. */
export async function ofParts<T>(
  target: Target,
  parts: readonly OutgoingPart[],
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    const { code, detail, cause, parts: named } = sendFailure(thrown, target);
    if (named.length > 0 || (code !== 'CONTENT_UNSUPPORTED' && code !== 'TELEGRAM_REFUSED')) throw thrown;
    throw new GatewayError(code, detail, { cause, parts: parts.map(({ randomId }) => randomId) });
  }
}

/** Makes a call that has its effect at once; throws its `sendFailure`. */
export async function acting<T>(target: Target, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    throw sendFailure(thrown, target);
  }
}

/** The failure of a call that has its effect at once; no answer means that it may have happened. */
export function sendFailure(thrown: unknown, target: Target): GatewayError {
  const error = asGatewayError(thrown);
  const code = sendCode(error, target);
  return code === error.code && !detailed.has(code)
    ? error
    : new GatewayError(code, detailFor(code, error, target), { cause: error.cause ?? error });
}

/** The failure of a call that only prepares a send (peers, files): nothing can have been sent. */
export function preparationFailure(thrown: unknown, { peer }: Target): GatewayError {
  const failure = sendFailure(thrown, { peer });
  return failure.code === 'ANSWER_LOST'
    ? new GatewayError('TELEGRAM_UNREACHABLE', 'no answer while preparing the send', { cause: failure.cause })
    : failure;
}

function sendCode(error: GatewayError, { peer, topic }: Target): ErrorCode {
  const type = rpcErrorOf(error)?.type;
  if (topic !== undefined && replyTypes.some((reply) => reply === type)) return 'TOPIC_GONE';
  const code = codeOf.get(type ?? '') ?? (isTransient(error) ? 'ANSWER_LOST' : error.code);
  // A group that is out of sight comes back when somebody adds us again; a client that nobody has met does not.
  const lostGroup = code === 'PEER_UNKNOWN' && peerParts(peer).kind !== 'user';
  return lostGroup && (type !== undefined || error.detail === markedId(peer)) ? 'GROUP_UNKNOWN' : code;
}

/** Codes whose sentence names the target. */
const detailed: ReadonlySet<ErrorCode> = new Set([
  'ANSWER_LOST',
  'GROUP_NOT_FORUM',
  'GROUP_RIGHTS',
  'GROUP_UNKNOWN',
  'PEER_UNKNOWN',
  'TOPIC_CLOSED',
  'TOPIC_GONE',
]);

function detailFor(code: ErrorCode, error: GatewayError, { peer, topic }: Target): string {
  const type = rpcErrorOf(error)?.type;
  switch (code) {
    case 'ANSWER_LOST':
      return `the send to ${markedId(peer)}`;
    case 'TOPIC_CLOSED':
    case 'TOPIC_GONE':
      return topic === undefined ? markedId(peer) : topic.toString();
    case 'GROUP_NOT_FORUM':
    case 'GROUP_RIGHTS':
    case 'GROUP_UNKNOWN':
      return markedId(peer);
    case 'PEER_UNKNOWN':
      return type === undefined ? error.detail : markedId(peer);
    case 'CONTENT_UNSUPPORTED':
      return type?.toLowerCase().replaceAll('_', ' ') ?? error.detail;
    default:
      return error.detail;
  }
}
