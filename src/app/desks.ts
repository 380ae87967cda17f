/** The desks of this process: run by its fleet, or only known by their tokens where another process runs them. */

import type { Desk } from '../domain/connection.js';
import { deskId, peerOf } from '../domain/ids.js';
import { deskTokensOf, namingToken, type Tokens } from './desk-tokens.js';

/** Has every desk run in the fleet, logged in where need be. Throws what `ensureDesk` throws, naming the token. */
export async function startDesks(
  tokens: Tokens,
  fleet: { ensureDesk(token: string, signal: AbortSignal): Promise<Desk> },
  signal: AbortSignal,
): Promise<Desk[]> {
  const desks: Desk[] = [];
  for (const desk of deskTokensOf(tokens)) {
    try {
      desks.push(await fleet.ensureDesk(desk.token, signal));
    } catch (error) {
      signal.throwIfAborted();
      throw namingToken(error, desk);
    }
  }
  return desks;
}

/** The same desks for a process without sessions: a token begins with its bot's id. */
export function tokenDesks(tokens: Tokens): Desk[] {
  return deskTokensOf(tokens).map(({ token }) => {
    const userId = token.split(':')[0] ?? '';
    return { id: deskId(userId), peer: peerOf('user', userId) };
  });
}
