/** A contender that mirrors already: every dialog has its topic, and the code is warm. */

import type { Column } from '../columns.js';
import { openMatch, type Match } from '../contenders.js';
import type { ChildOptions } from '../process/child.js';
import type { Usage } from '../process/serve.js';

export interface Running {
  readonly telegram: Match['telegram'];
  readonly services: Match['services'];
  readonly usage: (collect?: boolean) => Promise<Usage>;
}

const warmMs = 120_000;
const warmRate = { rate: 50, ms: 2_000, tailMs: 10_000 };

/** Opens Telegram and contender, sends one message through every dialog and some more, measures, and closes all. */
export async function whileRunning<T>(
  name: Column,
  { bots, clients, ...options }: { bots: number; clients: number } & ChildOptions,
  measure: (running: Running) => Promise<T>,
): Promise<T> {
  const match = await openMatch(name, { bots, clients });
  try {
    const group = match.start(options);
    await group.ready();
    const { posted } = await match.telegram.ask('once', { withinMs: warmMs });
    if (posted < bots * clients) throw new Error(`${name}: ${posted} of ${bots * clients} dialogs mirror`);
    await match.telegram.ask('drive', warmRate);
    const result = await measure({ ...match, usage: (collect) => group.usage(collect) });
    await group.stop();
    return result;
  } finally {
    await match.close();
  }
}
