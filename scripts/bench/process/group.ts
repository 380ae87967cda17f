/** Several processes that are measured as one: ready when all are, their costs summed. */

import type { Ops, Usage } from './serve.js';
import type { Child } from './child.js';

export interface Group {
  /** Unix milliseconds, just before the first process was asked for. */
  readonly startedAt: number;
  /** Resolves when each has said its first line. */
  ready(): Promise<void>;
  usage(collect?: boolean): Promise<Usage>;
  /** Commands sent to the database since the start, by name; empty where nobody counts them. */
  commands(): Promise<Counts>;
  stop(): Promise<void>;
}

export type Counts = Readonly<Record<string, number>>;

/** `commands` asks one of them. */
export function asGroup<O extends Ops>(
  children: readonly Child<O>[],
  commands: (child: Child<O>) => Promise<Counts>,
): Group {
  return {
    startedAt: Math.min(...children.map(({ startedAt }) => startedAt)),
    async ready() {
      await Promise.all(children.map((child) => child.firstLine()));
    },
    async usage(collect) {
      const all = await Promise.all(children.map((child) => child.usage(collect)));
      const sum = (of: (usage: Usage) => number): number => all.reduce((total, one) => total + of(one), 0);
      return {
        cpuUs: sum(({ cpuUs }) => cpuUs),
        rssBytes: sum(({ rssBytes }) => rssBytes),
        heapBytes: sum(({ heapBytes }) => heapBytes),
      };
    },
    async commands() {
      const total: Record<string, number> = {};
      for (const counts of await Promise.all(children.map(commands)))
        for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
      return total;
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
