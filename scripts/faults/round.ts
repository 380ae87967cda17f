/** One round: everything is quiet and open, then a third without the fault, a third under it, a third after it, and the wait for the rest. */

import type { Fault } from './list/fault.js';
import { pause } from './list/fault.js';
import { openStage, type Stage } from './stage/stage.js';
import { liveTopic } from './stage/topics.js';
import { openEyes } from './traffic/eyes.js';
import { handsOf, type Hands } from './traffic/hands.js';
import { randomOf } from './traffic/random.js';
import { Record, type Count } from './traffic/record.js';
import { scriptOf, type Line, type Third } from './traffic/script.js';

export interface RoundOptions {
  readonly fault: Fault;
  readonly seed: number;
  readonly messages: number;
  /** Default: the gateway. */
  readonly open?: (dialogs: number) => Promise<Stage>;
  /** Gives up what is missing when nothing has appeared for so long; default: only when the fault's patience is over. */
  readonly idleMs?: number;
  /** How long people go on writing after the fault; default 1.5 s. */
  readonly lastThirdMs?: number;
}

export interface Result extends Count {
  readonly fault: string;
  readonly seed: number;
  /** Messages written, both ways. */
  readonly written: number;
  /** From the end of the fault until everything written before it stood where it belongs, in ms; absent: it never did. */
  readonly recoveryMs?: number;
  /** From the end of the fault until anything appeared again, in ms. */
  readonly firstSignMs?: number;
  /** What went wrong, a line each. */
  readonly faults: readonly string[];
  /** Sentences about failures that operators were shown. */
  readonly notices: readonly string[];
  /** Logs and data, where something went wrong. */
  readonly directory?: string;
}

const dialogCount = 12;
const lateCount = 4;
const quietThirdMs = 1500;
const openWithinMs = 30_000;
const fileEvery = 12;

/** Throws where the round itself could not be played. `onOpen` hands out the closing, for an interruption. */
export async function playRound(
  { fault, seed, messages, open: openHouse, ...patience }: RoundOptions,
  onOpen: (close: () => Promise<void>) => void,
): Promise<Result> {
  const random = randomOf(seed);
  const stage = await (openHouse?.(dialogCount) ?? openStage(fault.house ?? 'embedded', dialogCount));
  onOpen(() => stage.close(false));
  const record = new Record();
  const hands = handsOf(stage.telegram, stage.cast, record);
  const closeEyes = openEyes(stage.telegram, stage.cast, record);
  let isGood = false;
  try {
    const names = [...stage.cast.dialogs.keys()];
    const open = names.slice(0, -lateCount);
    const count = Math.max(Math.round(messages * (fault.share ?? 1)), open.length + 12);
    const lines = scriptOf({ open, late: names.slice(-lateCount), messages: count, fileEvery }, random);
    await openDialogs(stage, hands, lines.splice(0, open.length));
    const times = await playThirds({
      stage,
      hands,
      record,
      lines,
      fault,
      random,
      ...patience,
    });
    const counted = record.count();
    isGood = counted.lost + counted.repeated + counted.outOfOrder + counted.wrongTopic === 0;
    const missing = [...record.missing()].map((token) => `${token} lost`);
    return {
      fault: fault.name,
      seed,
      // An operator whose topic was deleted, and whose client writes no more, has nowhere to write.
      written: count - hands.waiting(),
      ...counted,
      ...times,
      faults: [...record.faults, ...missing],
      notices: record.notices,
      ...(isGood ? {} : { directory: stage.directory }),
    };
  } finally {
    closeEyes();
    hands.close();
    await stage.close(!isGood);
  }
}

async function openDialogs({ cast }: Stage, hands: Hands, openers: readonly Line[]): Promise<void> {
  for (const line of openers) hands.write(line);
  const isOpen = (): boolean => openers.every(({ dialog }) => liveTopic(cast.group, dialog) !== undefined);
  if (!(await until(isOpen, openWithinMs))) throw new Error('the gateway did not open its topics');
}

interface Play extends Pick<RoundOptions, 'idleMs' | 'lastThirdMs'> {
  readonly stage: Stage;
  readonly hands: Hands;
  readonly record: Record;
  readonly lines: readonly Line[];
  readonly fault: Fault;
  readonly random: ReturnType<typeof randomOf>;
}

async function playThirds(play: Play): Promise<Pick<Result, 'recoveryMs' | 'firstSignMs'>> {
  const { stage, hands, record, lines, fault, random, idleMs = Infinity } = play;
  const third = (wanted: Third, lastsMs: number): Promise<void> =>
    write(
      hands,
      lines.filter((line) => line.third === wanted),
      lastsMs,
    );
  await third(0, quietThirdMs);
  const end = await fault.begin(stage, random);
  await third(1, fault.lastsMs);
  // What ending it takes (a start, a login) is part of the recovery.
  const offAt = Date.now();
  const before = [...record.missing()];
  await end();
  await third(2, play.lastThirdMs ?? quietThirdMs);
  const quietForMs = (): number => Date.now() - Math.max(record.changedAt, offAt);
  const quietMs = fault.quietMs ?? 2000;
  const isOver = (): boolean =>
    quietForMs() > (record.missing().size === 0 && hands.waiting() > 0 ? quietMs : idleMs) ||
    record.missing().size + hands.waiting() === 0;
  await until(isOver, fault.patienceMs ?? 90_000);
  await until(() => quietForMs() >= quietMs, quietMs * 5);
  const completeAt = record.completeAt(before);
  const firstAt = record.firstSince(offAt);
  return {
    ...(completeAt === undefined ? {} : { recoveryMs: Math.max(0, completeAt - offAt) }),
    ...(firstAt === undefined ? {} : { firstSignMs: firstAt - offAt }),
  };
}

/** Evenly over the time. */
async function write(hands: Hands, lines: readonly Line[], lastsMs: number): Promise<void> {
  const began = Date.now();
  for (const [index, line] of lines.entries()) {
    const dueMs = (lastsMs * index) / lines.length - (Date.now() - began);
    if (dueMs > 1) await pause(dueMs);
    hands.write(line);
  }
  await pause(Math.max(0, lastsMs - (Date.now() - began)));
}

async function until(look: () => boolean, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (!look()) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}
