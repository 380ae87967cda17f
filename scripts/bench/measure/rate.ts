/** The highest rate that is held without growing lag. */

import type { Driven } from '../children/traffic.js';
import { headings, missing, valuesOf, type ByColumn, type Column } from '../columns.js';
import { median, type Figure } from '../figures.js';
import { dialogs } from '../plan.js';
import type { Context, Measure } from './measure.js';
import { whileRunning, type Running } from './running.js';

const inFlight = 200;
const tailMs = 15_000;
/** The bracket is narrow enough when its ends are this close. */
const nearEnough = 1.12;
const shorter = 0.85;
/** The last third may wait this much longer than the first: a standing queue, not a growing one. */
const allowedGrowth = 1.5;
const allowedMs = 50;

interface Held {
  /** Absent: none of the tried ones. */
  readonly rate?: number;
  readonly flood: number;
  readonly slipMs: number;
}

export const rate: Measure = async (context) => {
  const held: ByColumn<Held> = {};
  for (const column of context.columns)
    if (missing(column) === undefined)
      held[column] = await whileRunning(column, options(column, context), (running) =>
        search(headings[column], running, context),
      );
  const each = (name: string, value: (of: Held) => number | undefined): Figure => ({
    name,
    unit: 'messages/s',
    better: 'more',
    ...valuesOf(held, context.columns, value),
  });
  const figures = [each('rate.held', ({ rate }) => rate), each('rate.closed-loop', ({ flood }) => flood)];
  const slipMs = Math.max(0, ...Object.values(held).map((one) => one.slipMs));
  const seconds = context.plan.rate.holdMs / 1000;
  return {
    figures,
    notes: [
      `rate.held: without growing lag for ${seconds} s over ${dialogs} dialogs; rate.closed-loop: ${inFlight} messages on their way all the time`,
      `the local Telegram's own timetable slipped by at most ${Math.round(slipMs)} ms in the held runs`,
    ],
  };
};

function options(name: Column, { profileDir }: Context) {
  const profile = name === 'ours' && profileDir !== undefined;
  return {
    bots: 1,
    clients: dialogs,
    nodeOptions: profile ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
  };
}

/** Brackets the rate with short runs, then holds it for the whole time; each hold that fails tries a little less. */
async function search(name: string, { telegram }: Running, { plan, progress }: Context): Promise<Held> {
  const { holdMs, probeMs, probes, holds } = plan.rate;
  let slipMs = 0;
  const isSteady = async (rate: number, ms: number): Promise<boolean> => {
    const driven = await telegram.ask('drive', { rate, ms, tailMs });
    const steady = staysLevel(driven, rate);
    const words = steady ? 'held' : 'not held';
    progress(`${name}: ${rate} messages/s ${words} for ${ms / 1000} s, ${driven.backlog} waiting at the end`);
    slipMs = driven.slipMs;
    return steady;
  };
  const flood = await telegram.ask('flood', { inFlight, ms: probeMs });
  progress(`${name}: closed loop ${Math.round(flood)} messages/s`);
  let low: number | undefined;
  let high: number | undefined;
  for (let probe = 0; probe < probes; probe++) {
    const rate = between(low, high, flood);
    if (await isSteady(rate, probeMs)) low = rate;
    else high = rate;
    if (low !== undefined && high !== undefined && high / low < nearEnough) break;
  }
  let rate = low ?? Math.max(1, Math.round((high ?? flood) * shorter));
  for (let hold = 0; hold < holds; hold++) {
    if (await isSteady(rate, holdMs)) return { flood, rate, slipMs };
    rate = Math.max(1, Math.round(rate * shorter));
  }
  return { flood, slipMs };
}

/** The next rate to try: outwards while one side is unknown, then the middle. */
function between(low: number | undefined, high: number | undefined, flood: number): number {
  if (low === undefined) return Math.max(1, Math.round((high ?? flood) * (high === undefined ? 0.9 : 0.6)));
  return Math.round(high === undefined ? low * 1.6 : Math.sqrt(low * high));
}

/** Growing lag shows in the last third: it waits longer than the first, and at the end more is under way than half a second brings. */
function staysLevel({ latenciesMs, backlog, lost }: Driven, rate: number): boolean {
  const third = Math.floor(latenciesMs.length / 3);
  const first = median(latenciesMs.slice(0, third));
  const last = median(latenciesMs.slice(-third));
  return lost === 0 && backlog <= rate / 2 && last <= first * allowedGrowth + allowedMs;
}
