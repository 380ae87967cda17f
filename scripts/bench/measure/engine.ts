/** What an update costs until it is safe: our link, engine and journal, beside stock GramJS that only decodes and dispatches it. */

import type { LinkOps } from '../children/link-bench.js';
import type { WireOps } from '../children/wire-server.js';
import { median, type Figure } from '../figures.js';
import { startChild, type Child } from '../process/child.js';
import type { Context, Measure } from './measure.js';

const containers = 50;
/** Before anything counts: compilers and caches are warm then. */
const warm = 3000;

const stores = ['memory', 'embedded'] as const;
const contestants = [...stores, 'stock'] as const;
type Contestant = (typeof contestants)[number];

interface Cost {
  readonly single: number;
  readonly packed: number;
}

export const engine: Measure = async (context) => {
  const { plan, progress } = context;
  const costs: Record<Contestant, Cost[]> = { memory: [], embedded: [], stock: [] };
  for (let at = 1; at <= plan.link.rounds; at++) {
    progress(`the update engine and stock GramJS's decoding, round ${at}`);
    // One server for all three: who serves is the same for everybody.
    const server = startChild<WireOps>('children/wire-server.ts');
    try {
      const wire = await server.ask('open', null);
      for (const who of contestants) costs[who].push(await costOf(who, server, wire, context));
    } finally {
      await server.stop();
    }
  }
  const of = (who: Contestant, value: (cost: Cost) => number): number => median(costs[who].map(value));
  return {
    figures: stores.flatMap((store): Figure[] => [
      figure(`engine.${store}.cpu`, (cost) => cost.single, store, of),
      figure(`engine.${store}-by-${containers}.cpu`, (cost) => cost.packed, store, of),
    ]),
    notes: [
      `engine: CPU until a new message stands in the journal (in memory; in the embedded store, its thread included), one a packet and in containers of ${containers}; stock decodes and dispatches the same updates from the same server and keeps nothing; median of ${plan.link.rounds}`,
    ],
  };
};

async function costOf(
  who: Contestant,
  server: Child<WireOps>,
  wire: Parameters<LinkOps['connect']>[0],
  { plan }: Context,
): Promise<Cost> {
  const client =
    who === 'stock'
      ? startChild<LinkOps>('children/link-stock.ts')
      : startChild<LinkOps>('children/engine-ours.ts', { env: { BENCH_STORE: who } });
  const receive = async (count: number, perPacket: number): Promise<number> => {
    await client.ask('expect', { count });
    await server.ask('pushNext', { count, perPacket });
    const spent = await client.ask('received', null);
    if (spent === undefined) throw new Error('nothing was expected');
    return spent.cpuUsEach;
  };
  try {
    await client.ask('connect', wire);
    await receive(warm, 1);
    await receive(warm, containers);
    return {
      single: await receive(plan.link.updates, 1),
      packed: await receive(plan.link.updates, containers),
    };
  } finally {
    await client.stop();
  }
}

function figure(
  name: string,
  value: (cost: Cost) => number,
  store: (typeof stores)[number],
  of: (who: Contestant, value: (cost: Cost) => number) => number,
): Figure {
  return { name, unit: 'µs/update', better: 'less', ours: of(store, value), stock: of('stock', value) };
}
