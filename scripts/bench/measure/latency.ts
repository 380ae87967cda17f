/** Mirror latency: a client sends, the post stands in the topic. Both moments are seen by the same process and clock. */

import type { Driven } from '../children/traffic.js';
import { names } from '../contenders.js';
import { percentile, type Figure } from '../figures.js';
import { dialogs } from '../plan.js';
import type { Measure } from './measure.js';
import { whileRunning } from './running.js';

const tailMs = 10_000;
const shares = [50, 95, 99];

interface Seen extends Driven {
  readonly rate: number;
  readonly cpuUs: number;
}

export const latency: Measure = async ({ plan, progress }) => {
  const { rates, ms } = plan.latency;
  const seen: Partial<Record<(typeof names)[number], Seen[]>> = {};
  for (const name of names)
    seen[name] = await whileRunning(name, { bots: 1, clients: dialogs }, async ({ telegram, usage }) => {
      const runs: Seen[] = [];
      for (const rate of rates) {
        progress(`${name}: ${rate} messages/s for ${ms / 1000} s`);
        const before = await usage();
        const driven = await telegram.ask('drive', { rate, ms, tailMs });
        runs.push({
          ...driven,
          rate,
          cpuUs: ((await usage()).cpuUs - before.cpuUs) / (driven.sent - driven.lost),
        });
      }
      return runs;
    });
  const { ours = [], stock = [] } = seen;
  return {
    figures: rates.flatMap((rate) => figuresAt(rate, of(ours, rate), of(stock, rate))),
    notes: [
      `missing: not posted ${tailMs / 1000} s after the last send; the percentiles know only what was posted`,
      `mirror latency over ${dialogs} dialogs of one bot; the local Telegram itself took ${costs([...ours, ...stock])} µs CPU per message`,
    ],
  };
};

function figuresAt(rate: number, ours: Seen, stock: Seen): Figure[] {
  const at = `latency.${rate}/s`;
  return [
    ...shares.map((share): Figure => ({
      name: `${at}.p${share}`,
      unit: 'ms',
      better: 'less',
      ours: percentile(ours.latenciesMs, share / 100),
      stock: percentile(stock.latenciesMs, share / 100),
    })),
    { name: `${at}.missing`, unit: 'messages', better: 'less', ours: ours.lost, stock: stock.lost },
    { name: `${at}.cpu`, unit: 'µs/message', better: 'less', ours: ours.cpuUs, stock: stock.cpuUs },
  ];
}

function of(runs: readonly Seen[], rate: number): Seen {
  const run = runs.find((one) => one.rate === rate);
  if (run === undefined) throw new Error(`no run at ${rate}/s`);
  return run;
}

function costs(runs: readonly Seen[]): string {
  const all = runs.map(({ cpuUsPerMessage }) => Math.round(cpuUsPerMessage));
  return `${Math.min(...all)}–${Math.max(...all)}`;
}
