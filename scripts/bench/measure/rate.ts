/** The highest rate that is held without growing lag. */

import type { Driven } from '../children/traffic.js';
import { names, type Name } from '../contenders.js';
import { median, type Figure } from '../figures.js';
import { dialogs } from '../plan.js';
import type { Context, Measure } from './measure.js';
import { whileRunning, type Running } from './running.js';

const inFlight = 200;
const tailMs = 15_000;
/** Tried first, as a share of what a closed loop reaches: there every message waits for another. */
const firstShare = 0.9;
const shorter = 0.85;
/** The last third may wait this much longer than the first: a standing queue, not a growing one. */
const allowedGrowth = 1.5;
const allowedMs = 50;

export const rate: Measure = async (context) => {
  const held: Partial<Record<Name, { rate: number; flood: number; slipMs: number }>> = {};
  for (const name of names)
    held[name] = await whileRunning(name, options(name, context), (running) =>
      search(name, running, context),
    );
  const { ours, stock } = held;
  const figures: Figure[] = [
    figure('rate.held', ours?.rate, stock?.rate),
    figure('rate.closed-loop', ours?.flood, stock?.flood),
  ];
  const seconds = context.plan.rate.holdMs / 1000;
  return {
    figures,
    notes: [
      `rate.held: without growing lag for ${seconds} s over ${dialogs} dialogs; rate.closed-loop: ${inFlight} messages on their way all the time`,
      `the local Telegram's own timetable slipped by at most ${Math.round(Math.max(ours?.slipMs ?? 0, stock?.slipMs ?? 0))} ms in the held runs`,
    ],
  };
};

function options(name: Name, { profileDir }: Context) {
  const profile = name === 'ours' && profileDir !== undefined;
  return {
    bots: 1,
    clients: dialogs,
    nodeOptions: profile ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
  };
}

async function search(name: Name, { telegram }: Running, { plan, progress }: Context) {
  const { holdMs, probeMs, holds } = plan.rate;
  const flood = await telegram.ask('flood', { inFlight, ms: probeMs });
  progress(`${name}: closed loop ${Math.round(flood)} messages/s`);
  let best = { rate: 0, flood, slipMs: 0 };
  let next = flood * firstShare;
  for (let tries = 0; tries < holds; tries++) {
    const rate = Math.max(1, Math.round(next));
    const driven = await telegram.ask('drive', { rate, ms: holdMs, tailMs });
    const fine = holdsSteady(driven, rate);
    progress(
      `${name}: ${rate} messages/s ${fine ? 'held' : 'not held'}, ${driven.backlog} waiting at the end`,
    );
    if (fine) {
      best = { rate, flood, slipMs: driven.slipMs };
      next = rate / shorter;
    } else if (best.rate > 0) break;
    else next = rate * shorter;
  }
  return best;
}

/** Growing lag shows in the last third: it waits longer than the first, and at the end more is under way than half a second brings. */
function holdsSteady({ latenciesMs, backlog, lost }: Driven, rate: number): boolean {
  const third = Math.floor(latenciesMs.length / 3);
  const first = median(latenciesMs.slice(0, third));
  const last = median(latenciesMs.slice(-third));
  return lost === 0 && backlog <= rate / 2 && last <= first * allowedGrowth + allowedMs;
}

function figure(name: string, ours: number | undefined, stock: number | undefined): Figure {
  return {
    name,
    unit: 'messages/s',
    better: 'more',
    ...(ours === undefined ? {} : { ours }),
    ...(stock === undefined ? {} : { stock }),
  };
}
