/** From asking for the process to the first post in a topic, with keys, rows and topics from before. */

import { names, openMatch, type Name } from '../contenders.js';
import { median } from '../figures.js';
import type { Measure } from './measure.js';

const everyMs = 50;
const withinMs = 60_000;
const quietMs = 1000;

export const startup: Measure = async ({ plan, progress }) => {
  const times: Record<Name, number[]> = { ours: [], stock: [] };
  for (const name of names) {
    progress(`${name}: start-up`);
    const match = await openMatch(name, { bots: 1, clients: 1 });
    try {
      // The first start is not counted: it logs the desk bot in, makes the topic and fills the compiler's cache.
      for (let round = 0; round <= plan.startup.rounds; round++) {
        const group = match.start();
        const postedAt = await match.telegram.ask('firstPost', { everyMs, withinMs });
        if (round > 0) times[name].push(postedAt - group.startedAt);
        // What was written meanwhile is posted too: a stop in the middle of a send would be measured at the next start.
        await match.telegram.ask('quiet', { forMs: quietMs });
        await group.stop();
      }
    } finally {
      await match.close();
    }
  }
  return {
    figures: [
      {
        name: 'startup.first-post',
        unit: 'ms',
        better: 'less',
        ours: median(times.ours),
        stock: median(times.stock),
      },
    ],
    notes: [
      `start-up: median of ${plan.startup.rounds} restarts through tsx, a client writing every ${everyMs} ms; the gateway posts what was written while it was down first, stock never sees that`,
    ],
  };
};
