/** What people and Telegram's own rules do: limits, deleted topics, revoked sessions. */

import { liveTopic } from '../stage/topics.js';
import { again, type Fault } from './fault.js';
import type { Stage } from '../stage/stage.js';

export const peopleFaults: readonly Fault[] = [
  {
    name: 'group limit',
    what: '20 posts a minute of a bot in a group, as at Telegram',
    lastsMs: 6000,
    begin({ telegram: { world } }) {
      // The primary is a bot too, and writes faster than any could: its own limits are not what this is about.
      world.limits.set({ enabled: true, chatPerSecond: 0, botPerSecond: 10_000 });
      return () => world.limits.set({ enabled: false });
    },
  },
  {
    name: 'chat limit',
    what: 'only 5 posts in 5 s into the group, also afterwards',
    lastsMs: 5000,
    share: 0.3,
    // A post a second is all that Telegram takes then.
    most: 45,
    begin({ telegram: { world } }) {
      world.limits.set({ enabled: true, groupPerMinute: 0 });
      return () => undefined;
    },
    short: true,
  },
  {
    name: 'topic deleted',
    what: 'operators delete topics, one every 0.5 to 1 s',
    lastsMs: 4000,
    begin: again(
      async ({ telegram: { world }, cast }, random) => {
        const open = [...cast.dialogs.keys()].flatMap((name) => liveTopic(cast.group, name) ?? []);
        if (open.length > 0) world.actAs(cast.operator).deleteTopic(cast.group.id, random.pick(open).id);
      },
      { lowMs: 500, highMs: 1000 },
    ),
    short: true,
  },
  {
    name: 'bot session revoked',
    what: "the bot's session is ended at Telegram; it is logged in again",
    lastsMs: 4000,
    begin: (stage) => revoked(stage, 'bot'),
    short: true,
  },
  {
    name: 'account session revoked',
    what: "the account's session is ended from a phone; it is logged in again",
    lastsMs: 4000,
    begin: (stage) => revoked(stage, 'account'),
  },
];

function revoked(stage: Stage, which: 'bot' | 'account'): () => Promise<void> {
  const { server } = stage.telegram;
  const { id } = which === 'bot' ? stage.cast.shop : stage.cast.owner;
  for (const { authKeyId } of server.authorisations(BigInt(id))) server.revoke(authKeyId);
  return () => stage.logInAgain(which);
}
