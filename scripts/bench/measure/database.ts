/** Round trips to the database for each mirrored message: the commands that the official driver sends, less those of an idle gateway. */

import { setTimeout as pause } from 'node:timers/promises';
import { headings, missing, valuesOf, type ByColumn, type Column } from '../columns.js';
import { openMatch } from '../contenders.js';
import { dialogs } from '../plan.js';
import type { Counts, Group } from '../process/group.js';
import type { Context, Measure } from './measure.js';

/** Long enough for a gateway that is behind: unfinished messages would look cheap. */
const tailMs = 60_000;
const windowMs = 1000;
/** Renewals, looks and sweeps need fewer; above it something is still being finished. */
const restingPerWindow = 25;
const rates = [10, 50];

interface Counted {
  readonly idlePerSecond: number;
  /** Per message, one for each rate. */
  readonly perMessage: readonly number[];
  /** Per message at the highest rate, by command and collection. */
  readonly byName: Counts;
}

export const database: Measure = async (context) => {
  const counted: ByColumn<Counted> = {};
  for (const column of context.columns)
    if (column !== 'stock' && missing(column) === undefined) counted[column] = await count(column, context);
  const each = (value: (of: Counted) => number | undefined) => valuesOf(counted, context.columns, value);
  return {
    figures: [
      {
        name: 'database.idle',
        unit: 'commands/s',
        better: 'less',
        ...each(({ idlePerSecond }) => idlePerSecond),
      },
      ...rates.map((rate, at) => ({
        name: `database.${rate}/s`,
        unit: 'commands/message',
        better: 'less' as const,
        ...each(({ perMessage }) => perMessage[at]),
      })),
    ],
    notes: context.columns.flatMap((column) => {
      const one = counted[column];
      if (one === undefined) return [];
      return [`commands per message at ${rates.at(-1) ?? 0}/s, ${headings[column]}: ${spelled(one.byName)}`];
    }),
  };
};

async function count(column: Column, { plan, progress }: Context): Promise<Counted> {
  const { ms } = plan.database;
  const match = await openMatch(column, { bots: 1, clients: dialogs });
  try {
    const group = match.start({ env: { BENCH_COUNT: '1' } });
    await group.ready();
    await match.telegram.ask('once', { withinMs: tailMs });
    await untilResting(group);
    const during = async (act: () => Promise<{ lost: number } | undefined>): Promise<Counts> => {
      const before = await group.commands();
      const missed = (await act())?.lost ?? 0;
      // A post is seen before its link, its row's end and its echo are written.
      await untilResting(group);
      if (missed > 0) throw new Error(`${missed} messages were not posted within ${tailMs} ms`);
      return less(await group.commands(), before);
    };
    progress(`${headings[column]}: counting database commands`);
    const idleFrom = performance.now();
    const idle = await during(() => pause(ms, undefined));
    const idlePerMs = sum(idle) / (performance.now() - idleFrom);
    const perMessage: number[] = [];
    let byName: Counts = {};
    for (const rate of rates) {
      const start = performance.now();
      const total = await during(() => match.telegram.ask('drive', { rate, ms, tailMs }));
      const sent = (rate * ms) / 1000;
      perMessage.push((sum(total) - idlePerMs * (performance.now() - start)) / sent);
      byName = each(total, (commands) => commands / sent);
    }
    await group.stop();
    return { idlePerSecond: idlePerMs * 1000, perMessage, byName };
  } finally {
    await match.close();
  }
}

/** Resolves when the gateway only keeps house any more. */
async function untilResting(group: Group): Promise<void> {
  const end = performance.now() + tailMs;
  for (let before = sum(await group.commands()); performance.now() < end;) {
    await pause(windowMs);
    const after = sum(await group.commands());
    if (after - before <= restingPerWindow) return;
    before = after;
  }
}

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
