/** The link alone: updates received and messages sent by our client and by stock GramJS's, against the same bare server. */

import type { LinkOps, Spent } from '../children/link-bench.js';
import type { WireOps } from '../children/wire-server.js';
import { names, type Name } from '../contenders.js';
import { median, type Figure } from '../figures.js';
import { startChild } from '../process/child.js';
import type { Context, Measure } from './measure.js';

const containers = 50;
const inFlight = 50;
/** Before anything counts: compilers and caches are warm then. */
const warm = { updates: 3000, sends: 1000 };

interface Round {
  readonly single: Spent;
  readonly packed: Spent;
  readonly sends: Spent;
  /** CPU of the server: per single update, per packed update, per send. */
  readonly serverUs: readonly [number, number, number];
}

export const link: Measure = async (context) => {
  const rounds: Record<Name, Round[]> = { ours: [], stock: [] };
  for (let at = 1; at <= context.plan.link.rounds; at++)
    for (const name of names) {
      context.progress(`${name}: the link alone, round ${at}`);
      rounds[name].push(await round(name, context));
    }
  return {
    figures: [
      ...figuresOf('link.updates', 'update', rounds, ({ single }) => single),
      ...figuresOf(`link.updates-by-${containers}`, 'update', rounds, ({ packed }) => packed),
      ...figuresOf('link.sends', 'send', rounds, ({ sends }) => sends),
    ],
    notes: [
      `link: one update a packet, then containers of ${containers}; ${inFlight} sends in flight; median of ${context.plan.link.rounds}`,
      `link: the server itself took ${serverCosts(rounds)}`,
    ],
  };
};

async function round(name: Name, { plan }: Context): Promise<Round> {
  const server = startChild<WireOps>('children/wire-server.ts');
  const client = startChild<LinkOps>(`children/link-${name}.ts`);
  const receive = async (count: number, perPacket: number): Promise<[Spent, number]> => {
    await client.ask('expect', { count });
    const cost = await server.ask('push', { count, perPacket });
    const spent = await client.ask('received', null);
    if (spent === undefined) throw new Error('nothing was expected');
    return [spent, cost];
  };
  const send = async (count: number): Promise<[Spent, number]> => {
    const before = await server.usage();
    const spent = await client.ask('send', { count, inFlight });
    return [spent, ((await server.usage()).cpuUs - before.cpuUs) / count];
  };
  try {
    await client.ask('connect', await server.ask('open', null));
    await receive(warm.updates, 1);
    await receive(warm.updates, containers);
    await send(warm.sends);
    const single = await receive(plan.link.updates, 1);
    const packed = await receive(plan.link.updates, containers);
    const sends = await send(plan.link.sends);
    return {
      single: single[0],
      packed: packed[0],
      sends: sends[0],
      serverUs: [single[1], packed[1], sends[1]],
    };
  } finally {
    await Promise.all([client.stop(), server.stop()]);
  }
}

function figuresOf(
  name: string,
  what: string,
  rounds: Readonly<Record<Name, readonly Round[]>>,
  pick: (round: Round) => Spent,
): Figure[] {
  const of = (who: Name, value: (spent: Spent) => number): number =>
    median(rounds[who].map((one) => value(pick(one))));
  const each = (value: (spent: Spent) => number) => ({ ours: of('ours', value), stock: of('stock', value) });
  return [
    { name, unit: `${what}s/s`, better: 'more', ...each(({ perSecond }) => perSecond) },
    { name: `${name}.cpu`, unit: `µs/${what}`, better: 'less', ...each(({ cpuUsEach }) => cpuUsEach) },
  ];
}

function serverCosts(rounds: Readonly<Record<Name, readonly Round[]>>): string {
  const cost = (who: Name, at: 0 | 1 | 2): number =>
    Math.round(median(rounds[who].map(({ serverUs }) => serverUs[at])));
  const both = (at: 0 | 1 | 2): string =>
    `${cost('ours', at)} (under ours) and ${cost('stock', at)} (under stock)`;
  return `${both(0)} µs CPU per update, ${both(1)} packed, ${both(2)} per send`;
}
