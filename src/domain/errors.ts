/** Everything that may go wrong, once: code → sentence for people, exit code, HTTP status and whether trying again helps. */

interface Meaning {
  /** Process exit code (decisions.md, "Commands"). */
  readonly exit: 2 | 3 | 4 | 5 | 6 | 70;
  readonly http: number;
  readonly retry: 'no' | 'later' | 'after-fix';
  /** One sentence that says what happened and the way out; `{detail}` is filled by the thrower. */
  readonly sentence: string;
}

const meanings = {
  CONFIG_INVALID: { exit: 2, http: 500, retry: 'after-fix', sentence: '{detail}' },
  USAGE: { exit: 2, http: 400, retry: 'after-fix', sentence: '{detail} See `npm run gateway -- --help`.' },
  KEY_WRONG: {
    exit: 2,
    http: 500,
    retry: 'after-fix',
    sentence:
      'The stored sessions cannot be decrypted with the given SECRET_KEYS or key file; give the key that wrote them.',
  },
  ARCHIVE_KEY: {
    exit: 2,
    http: 422,
    retry: 'after-fix',
    sentence:
      'The archive opens only with the key {detail} that sealed it; give it in SECRET_KEYS or as the file key in DATA_DIR.',
  },
  ARCHIVE_DAMAGED: {
    exit: 2,
    http: 422,
    retry: 'after-fix',
    sentence: 'The archive is damaged ({detail}); take another copy of it.',
  },
  NOT_EMPTY: {
    exit: 2,
    http: 409,
    retry: 'after-fix',
    sentence:
      'A restore needs an empty installation, and this one holds {detail}; give another DATA_DIR or MONGODB_URL.',
  },
  RESTORE_UNFINISHED: {
    exit: 2,
    http: 500,
    retry: 'after-fix',
    sentence:
      'A restore into this installation has not finished; run it again with: npm run gateway -- restore FILE.',
  },
  VERSION_TOO_OLD: {
    exit: 2,
    http: 500,
    retry: 'after-fix',
    sentence: '{detail} was written by a newer version of Understudy; install that version or a newer one.',
  },
  BOT_TOKEN_INVALID: {
    exit: 3,
    http: 422,
    retry: 'after-fix',
    sentence: 'Telegram does not accept this bot token; copy it again from @BotFather.',
  },
  DESK_TOKEN_INVALID: {
    exit: 3,
    http: 500,
    retry: 'after-fix',
    sentence: 'Telegram does not accept {detail}; copy the token again from @BotFather.',
  },
  PHONE_INVALID: {
    exit: 3,
    http: 422,
    retry: 'after-fix',
    sentence: 'Telegram does not accept this phone number; write it with country code, like +4912345678.',
  },
  CODE_INVALID: {
    exit: 3,
    http: 422,
    retry: 'after-fix',
    sentence: 'The login code is wrong or has expired; start the login again and type the newest code.',
  },
  PASSWORD_INVALID: {
    exit: 3,
    http: 422,
    retry: 'after-fix',
    sentence: 'The two-step verification password is wrong; start the login again and type it carefully.',
  },
  QR_EXPIRED: {
    exit: 3,
    http: 422,
    retry: 'after-fix',
    sentence: 'Nobody scanned the QR code in time; start the login again.',
  },
  LOGIN_CANCELLED: {
    exit: 3,
    http: 409,
    retry: 'after-fix',
    sentence: 'The login was given up before it was finished; start it again.',
  },
  SESSION_DEAD: {
    exit: 3,
    http: 409,
    retry: 'after-fix',
    sentence: 'Telegram has ended this session ({detail}); log the connection in again.',
  },
  TELEGRAM_REFUSED: { exit: 3, http: 422, retry: 'no', sentence: 'Telegram refused: {detail}.' },
  FLOOD_WAIT: {
    exit: 3,
    http: 429,
    retry: 'later',
    sentence: 'Telegram asks us to wait {detail} seconds before the next try.',
  },
  PEER_UNKNOWN: {
    exit: 3,
    http: 422,
    retry: 'no',
    sentence: 'This connection has not met the peer {detail} yet; the client must write first.',
  },
  CLIENT_BLOCKED: {
    exit: 3,
    http: 422,
    retry: 'no',
    sentence: 'The client has blocked this bot or account; the message was not delivered.',
  },
  CONTENT_UNSUPPORTED: {
    exit: 3,
    http: 422,
    retry: 'no',
    sentence: 'This kind of message cannot be carried over: {detail}.',
  },
  TELEGRAM_UNREACHABLE: {
    exit: 4,
    http: 503,
    retry: 'later',
    sentence: 'Telegram cannot be reached ({detail}); check the network and TELEGRAM_SERVER.',
  },
  MONGODB_UNREACHABLE: {
    exit: 4,
    http: 503,
    retry: 'later',
    sentence: 'MongoDB cannot be reached ({detail}); check MONGODB_URL and that the server runs.',
  },
  REDIS_UNREACHABLE: {
    exit: 4,
    http: 503,
    retry: 'later',
    sentence: 'Redis cannot be reached ({detail}); check REDIS_URL and that the server runs.',
  },
  STORE_FULL: {
    exit: 4,
    http: 507,
    retry: 'after-fix',
    sentence: 'The embedded store is full ({detail}); free disk space or move to MongoDB.',
  },
  DIRECTORY_IN_USE: {
    exit: 5,
    http: 409,
    retry: 'after-fix',
    sentence: 'The data directory is in use by process {detail}; stop it first or give another DATA_DIR.',
  },
  PROCESS_RUNNING: {
    exit: 5,
    http: 409,
    retry: 'after-fix',
    sentence:
      'Another gateway works on this MongoDB; stop it first, or set REDIS_URL for all so that they share the work.',
  },
  GROUP_UNKNOWN: {
    exit: 6,
    http: 422,
    retry: 'after-fix',
    sentence:
      'The service bot cannot see the group {detail}; add it to the group as an administrator and check the id.',
  },
  GROUP_NOT_FORUM: {
    exit: 6,
    http: 422,
    retry: 'after-fix',
    sentence: 'The group {detail} has no topics; turn "Topics" on in the group settings.',
  },
  GROUP_RIGHTS: {
    exit: 6,
    http: 422,
    retry: 'after-fix',
    sentence:
      'The service bot lacks rights in the group {detail}; make it an administrator that may manage topics.',
  },
  ALREADY_SENT: {
    exit: 70,
    http: 409,
    retry: 'later',
    sentence: 'This message was already sent; its id is being looked up.',
  },
  ANSWER_LOST: {
    exit: 4,
    http: 503,
    retry: 'later',
    sentence: 'Telegram did not answer ({detail}); it is repeated under the same random id.',
  },
  TOPIC_GONE: {
    exit: 6,
    http: 409,
    retry: 'later',
    sentence: 'The topic {detail} was deleted in the group.',
  },
  TOPIC_CLOSED: {
    exit: 6,
    http: 409,
    retry: 'later',
    sentence: 'The topic {detail} is closed in the group.',
  },
  POST_MISPLACED: {
    exit: 6,
    http: 409,
    retry: 'later',
    sentence: 'Telegram put the messages {detail} outside their topic; they are taken back and posted again.',
  },
  STALE_FENCE: {
    exit: 70,
    http: 409,
    retry: 'no',
    sentence: 'Another process has taken over {detail}; this one stops touching it.',
  },
  INTERNAL: {
    exit: 70,
    http: 500,
    retry: 'no',
    sentence: 'Something unexpected happened ({detail}); please report it.',
  },
} as const satisfies Record<string, Meaning>;

export type ErrorCode = keyof typeof meanings;

interface Traits extends ErrorOptions {
  /** The random ids of the parts of a send that it is about. */
  readonly parts?: readonly string[];
}

/** The only error that Understudy throws; `message` is the sentence for people, without secrets or message contents. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly parts: readonly string[];

  constructor(code: ErrorCode, detail = '', traits?: Traits) {
    super(
      meanings[code].sentence.replace('{detail}', () => detail),
      traits,
    );
    this.code = code;
    this.detail = detail;
    this.parts = traits?.parts ?? [];
  }

  get meaning(): Meaning {
    return meanings[this.code];
  }
}

/** Every code, for the README's table and its test. */
export const errorCodes = Object.keys(meanings) as ErrorCode[];

/** The sentence template and numbers of a code. */
export function meaningOf(code: ErrorCode): Meaning {
  return meanings[code];
}

/** Any thrown value as a GatewayError; what is not ours is INTERNAL with the error's class name only (its text may hold contents). */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('INTERNAL', thrown instanceof Error ? thrown.name : typeof thrown, {
    cause: thrown,
  });
}
