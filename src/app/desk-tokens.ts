/** The tokens that post in the backend groups, each with the name under which its owner finds it again. */

import type { Secrets } from '../config/secrets.js';
import { GatewayError } from '../domain/errors.js';

export type Tokens = Pick<Secrets, 'deskBotTokens' | 'serviceBotToken'>;

export interface DeskToken {
  /** For sentences: the variable, and of a pool the bot's number, which is no secret. */
  readonly name: string;
  readonly token: string;
}

/** The pool where there is one, else the service bot. */
export function deskTokensOf({ deskBotTokens, serviceBotToken }: Tokens): readonly DeskToken[] {
  if (deskBotTokens.length === 0) return [{ name: 'SERVICE_BOT_TOKEN', token: serviceBotToken }];
  return deskBotTokens.map((token) => ({
    name: `the token of bot ${token.split(':')[0] ?? ''} in DESK_BOT_TOKENS`,
    token,
  }));
}

/** The error of a login with this token: a refused one is named, since the person may just have typed another token. */
export function namingToken(error: unknown, { name }: DeskToken): unknown {
  return error instanceof GatewayError && error.code === 'BOT_TOKEN_INVALID'
    ? new GatewayError('DESK_TOKEN_INVALID', name)
    : error;
}
