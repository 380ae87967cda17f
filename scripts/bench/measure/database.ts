/** Round trips to the database for each mirrored message: the commands that the official driver sends, less those of an idle gateway. */

import { setTimeout as pause } from 'node:timers/promises';
import { openMatch } from '../contenders.js';
import type { Figure } from '../figures.js';
import { dialogs } from '../plan.js';
import type { Measure } from './measure.js';

type Counts = Readonly<Record<string, number>>;

/** Long enough for a gateway that is behind: unfinished messages would look cheap. */
const tailMs = 60_000;
const quietMs = 3000;
const rates = [10, 50];

export const database: Measure = async ({ plan, progress }) => {
  const { ms } = plan.database;
  const match = await openMatch('ours', { bots: 1, clients: dialogs });
  try {
    const child = match.startGateway({ env: { BENCH_COUNT: '1' } });
    await child.firstLine();
    await match.telegram.ask('once', { withinMs: tailMs });
    await match.telegram.ask('quiet', { forMs: quietMs });
    const during = async (act: () => Promise<{ lost: number } | undefined>): Promise<Counts> => {
      const before = await child.ask('commands', null);
      const missing = (await act())?.lost ?? 0;
      if (missing > 0) throw new Error(`${missing} messages were not posted within ${tailMs} ms`);
      return less(await child.ask('commands', null), before);
    };
    progress('ours: counting database commands');
    const idle = await during(() => pause(ms, undefined));
    const figures: Figure[] = [
      { name: 'database.idle', unit: 'commands/s', better: 'less', ours: (sum(idle) * 1000) / ms },
    ];
    let byName: Counts = {};
    for (const rate of rates) {
      const start = performance.now();
      const total = await during(() => match.telegram.ask('drive', { rate, ms, tailMs }));
      const share = (performance.now() - start) / ms;
      const sent = (rate * ms) / 1000;
      const ours = (sum(total) - sum(idle) * share) / sent;
      figures.push({ name: `database.${rate}/s`, unit: 'commands/message', better: 'less', ours });
      byName = each(total, (count) => count / sent);
    }
    await child.stop();
    return { figures, notes: [`commands per message at ${rates.at(-1) ?? 0}/s: ${spelled(byName)}`] };
  } finally {
    await match.close();
  }
};

function less(after: Counts, before: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
}

function each(counts: Counts, change: (count: number) => number): Counts {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, change(count)]));
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function spelled(counts: Counts): string {
  return Object.entries(counts)
    .filter(([, count]) => count >= 0.02)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count.toFixed(2)}`)
    .join(', ');
}
