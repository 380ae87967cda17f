/** Memory of the whole process, with each connection having mirrored a message; and what one more connection adds. */

import { names, type Name } from '../contenders.js';
import type { Figure } from '../figures.js';
import type { Measure } from './measure.js';
import { whileRunning } from './running.js';

const megabyte = 1024 * 1024;

export const memory: Measure = async ({ plan, progress }) => {
  const { connections } = plan.memory;
  const rss: Record<Name, number[]> = { ours: [], stock: [] };
  for (const count of connections)
    for (const name of names) {
      progress(`${name}: memory of ${count} connections`);
      const { rssBytes } = await whileRunning(name, { bots: count, clients: 1 }, ({ usage }) => usage(true));
      rss[name].push(rssBytes / megabyte);
    }
  return {
    figures: connections.flatMap((count, at) => figuresAt(count, at, connections[0] ?? 1, rss)),
    notes: [
      'memory: resident set after a garbage collection, each connection with one dialog; the desk session is one more',
    ],
  };
};

function figuresAt(count: number, at: number, first: number, rss: Record<Name, number[]>): Figure[] {
  const of = (name: Name): number => rss[name][at] ?? NaN;
  const added = (name: Name): number => (of(name) - (rss[name][0] ?? NaN)) / (count - first);
  const total: Figure[] = [
    { name: `memory.${count}.process`, unit: 'MB', better: 'less', ours: of('ours'), stock: of('stock') },
    {
      name: `memory.${count}.per-connection`,
      unit: 'MB',
      better: 'less',
      ours: of('ours') / count,
      stock: of('stock') / count,
    },
  ];
  if (at === 0) return total;
  return [
    ...total,
    {
      name: `memory.${count}.each-further`,
      unit: 'MB',
      better: 'less',
      ours: added('ours'),
      stock: added('stock'),
    },
  ];
}
