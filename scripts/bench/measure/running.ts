/** A contender that mirrors already: every dialog has its topic, and the code is warm. */

import { openMatch, type Match, type Name } from '../contenders.js';
import type { ChildOptions } from '../process/child.js';
import type { Usage } from '../process/serve.js';

export interface Running {
  readonly telegram: Match['telegram'];
  readonly usage: (collect?: boolean) => Promise<Usage>;
}

const warmMs = 120_000;
const warmRate = { rate: 50, ms: 2_000, tailMs: 10_000 };

/** Opens Telegram and contender, sends one message through every dialog and some more, measures, and closes all. */
export async function whileRunning<T>(
  name: Name,
  { bots, clients, ...options }: { bots: number; clients: number } & ChildOptions,
  measure: (running: Running) => Promise<T>,
): Promise<T> {
  const match = await openMatch(name, { bots, clients });
  try {
    const child = match.start(options);
    await child.firstLine();
    const { posted } = await match.telegram.ask('once', { withinMs: warmMs });
    if (posted < bots * clients) throw new Error(`${name}: ${posted} of ${bots * clients} dialogs mirror`);
    await match.telegram.ask('drive', warmRate);
    const result = await measure({ telegram: match.telegram, usage: (collect) => child.usage(collect) });
    await child.stop();
    return result;
  } finally {
    await match.close();
  }
}
