import type { RpcError } from '../types.js';

/** What the Bot API answers instead of a result: `{ok: false, error_code, description, parameters}`. */
export class BotApiError extends Error {
  override readonly name = 'BotApiError';
  readonly code: number;
  readonly parameters: { retry_after?: number } | undefined;

  constructor(code: number, description: string, parameters?: { retry_after?: number }) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export const badRequest = (what: string): BotApiError => new BotApiError(400, `Bad Request: ${what}`);
export const forbidden = (what: string): BotApiError => new BotApiError(403, `Forbidden: ${what}`);
export const conflict = (what: string): BotApiError => new BotApiError(409, `Conflict: ${what}`);
export const notImplemented = (what: string): BotApiError =>
  new BotApiError(404, `Not Found: method not implemented: ${what}`);

export function floodError(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
}

/** Telegram's own words for what the world refuses, as the Bot API says them. `method` in lower case. */
export function translated(error: RpcError, method: string): BotApiError {
  const flood = /^FLOOD_WAIT_(\d+)$/.exec(error.message);
  if (flood) return floodError(Number(flood[1]));
  if (error.message === 'MESSAGE_ID_INVALID') return badRequest(missingMessage(method));
  if (error.message === 'MESSAGE_EMPTY' && /caption|copy|photo|media/.test(method)) {
    return badRequest('message must be non-empty');
  }
  if (error.message === 'CHAT_ADMIN_REQUIRED') return badRequest(lackingRight(method));
  const known = WORDS[error.message];
  if (known) return new BotApiError(known[0], known[1]);
  return error.code === 403 ? forbidden(error.message) : badRequest(error.message);
}

const WORDS: Readonly<Record<string, readonly [code: number, description: string]>> = {
  CHANNEL_INVALID: [400, 'Bad Request: chat not found'],
  CHANNEL_PRIVATE: [403, 'Forbidden: bot is not a member of the supergroup chat'],
  CHANNEL_FORUM_MISSING: [400, 'Bad Request: the chat is not a forum'],
  CHAT_FORWARDS_RESTRICTED: [400, "Bad Request: message can't be forwarded"],
  CHAT_NOT_MODIFIED: [400, 'Bad Request: CHAT_NOT_MODIFIED'],
  MEDIA_CAPTION_TOO_LONG: [400, 'Bad Request: message caption is too long'],
  MESSAGE_AUTHOR_REQUIRED: [400, "Bad Request: message can't be edited"],
  MESSAGE_DELETE_FORBIDDEN: [400, "Bad Request: message can't be deleted"],
  MESSAGE_EMPTY: [400, 'Bad Request: message text is empty'],
  MESSAGE_NOT_MODIFIED: [
    400,
    'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  ],
  MESSAGE_TOO_LONG: [400, 'Bad Request: message is too long'],
  // The chat was found, so a user stands there who has never written to the bot.
  PEER_ID_INVALID: [403, "Forbidden: bot can't initiate conversation with a user"],
  QUERY_ID_INVALID: [
    400,
    'Bad Request: query is too old and response timeout expired or query ID is invalid',
  ],
  TOPIC_DELETED: [400, 'Bad Request: message thread not found'],
  TOPIC_ID_INVALID: [400, 'Bad Request: message thread not found'],
  USER_ID_INVALID: [400, 'Bad Request: user not found'],
  USER_IS_BLOCKED: [403, 'Forbidden: bot was blocked by the user'],
  USER_IS_BOT: [403, "Forbidden: bot can't send messages to bots"],
  USER_NOT_PARTICIPANT: [400, 'Bad Request: user not found'],
};

function missingMessage(method: string): string {
  const verbs: readonly (readonly [RegExp, string])[] = [
    [/^edit/, 'message to edit not found'],
    [/^delete/, 'message to delete not found'],
    [/^forward/, 'message to forward not found'],
    [/^copy/, 'message to copy not found'],
    [/^pin/, 'message to pin not found'],
    [/^unpin/, 'message to unpin not found'],
    [/reaction/, 'message to react not found'],
  ];
  return verbs.find(([pattern]) => pattern.test(method))?.[1] ?? 'message not found';
}

function lackingRight(method: string): string {
  if (method === 'createforumtopic') return 'not enough rights to create a topic';
  if (method.startsWith('pin') || method.startsWith('unpin')) {
    return 'not enough rights to manage pinned messages in the chat';
  }
  return 'not enough rights';
}
