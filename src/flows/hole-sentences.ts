/** A hole in plain words: whose, from when to when, what may be missing and what to do. */

import type { Connection } from '../domain/connection.js';
import { isDesk } from '../domain/ids.js';
import type { UntoldHole } from '../ports/holes.js';

/** Nothing will fetch it, or prove that all of it was fetched. `connection` is the one whose group reads this. */
export function lostSentence(hole: UntoldHole, connection: Connection): string {
  const { what, where, help } = wordsOf(hole, connection);
  return [
    `⚠️ ${what} may be missing.`,
    `Telegram did not repeat what happened ${where} ${spanOf(hole)}, because ${reasons[hole.reason]}.`,
    'Whatever could be fetched stands in the topics; nothing proves that it is all.',
    `What came before and after is complete. ${help}`,
  ].join('\n');
}

/** The team believes that it is lost. */
export function foundSentence(hole: UntoldHole, connection: Connection): string {
  const { where } = wordsOf(hole, connection);
  return `✅ What happened ${where} ${spanOf(hole)} has come after all; nothing of it is missing any more.`;
}

const reasons: Readonly<Record<UntoldHole['reason'], string>> = {
  'too-long': 'too much had happened at once',
  'timestamp-invalid': 'it no longer knew where we had stopped',
  'pts-reset': 'it had begun to count anew',
  denied: 'it counted something that it never sent',
  inaccessible: 'it no longer lets this session in there',
  unreadable: 'it came in a form that this version of Understudy cannot read',
};

interface Words {
  readonly what: string;
  readonly where: string;
  readonly help: string;
}

function wordsOf(hole: UntoldHole, { kind, name, username }: Connection): Words {
  if (isDesk(hole.owner))
    return {
      what: 'Answers that were written in this group',
      where: 'in this group',
      help: 'An answer without 👌 has not reached its client: write it again.',
    };
  const who = username === undefined ? name : `${name} (@${username})`;
  return {
    what: `${who}: messages of clients`,
    where: `in the private chats of ${who}`,
    help:
      kind === 'bot'
        ? "Compare with what the bot's own program has of that time."
        : "Look through the account's chats of that time on its phone.",
  };
}

/** From the last message that is known to the moment when the gap showed. */
function spanOf({ knownUntil, openedAt }: UntoldHole): string {
  const end = timeOf(openedAt);
  return knownUntil === undefined ? `some time before ${end}` : `between ${timeOf(knownUntil)} and ${end}`;
}

function timeOf(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
