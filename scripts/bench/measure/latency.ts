/** Mirror latency: a client sends, the post stands in the topic. Both moments are seen by the same process and clock. */

import type { Driven } from '../children/traffic.js';
import { headings, missing, servicesNote, valuesOf, type ByColumn, type Column } from '../columns.js';
import { percentile, type Figure } from '../figures.js';
import { dialogs } from '../plan.js';
import type { ServicesCost } from '../services.js';
import type { Context, Measure } from './measure.js';
import { whileRunning, type Running } from './running.js';

const tailMs = 10_000;
const shares = [50, 95, 99];

interface Seen extends Driven {
  readonly rate: number;
  /** Of all gateway processes, per message. */
  readonly cpuUs: number;
  /** Of what they run on, per message. */
  readonly servicesUs?: ServicesCost;
}

export const latency: Measure = async (context) => {
  const seen: ByColumn<Seen[]> = {};
  for (const column of context.columns)
    if (missing(column) === undefined)
      seen[column] = await whileRunning(column, { bots: 1, clients: dialogs }, (running) =>
        drive(column, running, context),
      );
  const all = Object.values(seen).flat();
  return {
    figures: context.plan.latency.rates.flatMap((rate) => figuresAt(rate, seen, context.columns)),
    notes: [
      `missing: not posted ${tailMs / 1000} s after the last send; the percentiles know only what was posted`,
      `mirror latency over ${dialogs} dialogs of one bot; the local Telegram itself took ${costs(all)} µs CPU per message`,
      'cpu: of all gateway processes, the embedded store included; database and Redis of the services stand beside it',
      servicesNote(),
    ],
  };
};

async function drive(
  column: Column,
  { telegram, services, usage }: Running,
  { plan, progress }: Context,
): Promise<Seen[]> {
  const { rates, ms } = plan.latency;
  const runs: Seen[] = [];
  for (const rate of rates) {
    progress(`${headings[column]}: ${rate} messages/s for ${ms / 1000} s`);
    const before = await usage();
    const servicesBefore = services?.cpuUs();
    const driven = await telegram.ask('drive', { rate, ms, tailMs });
    const posted = driven.sent - driven.lost;
    const servicesAfter = services?.cpuUs();
    const spent = (name: keyof ServicesCost): number =>
      ((servicesAfter?.[name] ?? NaN) - (servicesBefore?.[name] ?? NaN)) / posted;
    runs.push({
      ...driven,
      rate,
      cpuUs: ((await usage()).cpuUs - before.cpuUs) / posted,
      ...(services === undefined
        ? {}
        : { servicesUs: { database: spent('database'), redis: spent('redis') } }),
    });
  }
  return runs;
}

function figuresAt(rate: number, seen: ByColumn<Seen[]>, columns: readonly Column[]): Figure[] {
  const at = `latency.${rate}/s`;
  const each = (value: (run: Seen) => number | undefined) =>
    valuesOf(seen, columns, (runs) => value(of(runs, rate)));
  return [
    ...shares.map((share): Figure => ({
      name: `${at}.p${share}`,
      unit: 'ms',
      better: 'less',
      ...each(({ latenciesMs }) => percentile(latenciesMs, share / 100)),
    })),
    { name: `${at}.missing`, unit: 'messages', better: 'less', ...each(({ lost }) => lost) },
    { name: `${at}.cpu`, unit: 'µs/message', better: 'less', ...each(({ cpuUs }) => cpuUs) },
    {
      name: `${at}.cpu-database`,
      unit: 'µs/message',
      better: 'less',
      ...each(({ servicesUs }) => servicesUs?.database),
    },
    {
      name: `${at}.cpu-redis`,
      unit: 'µs/message',
      better: 'less',
      ...each(({ servicesUs }) => servicesUs?.redis),
    },
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
