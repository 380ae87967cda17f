/** One round: everything is quiet and open, then a part without the fault, a part under it, a part after it, and the wait for the rest. */

import type { Fault } from './list/fault.js';
import { pause } from './list/fault.js';
import { openServicesStage } from './services/stage.js';
import { openStage, type Stage } from './stage/stage.js';
import { liveTopic } from './stage/topics.js';
import { openEyes } from './traffic/eyes.js';
import { handsOf, type Hands } from './traffic/hands.js';
import { randomOf } from './traffic/random.js';
import { Record, type Count } from './traffic/record.js';
import { scriptOf, type Line, type Part } from './traffic/script.js';

export interface RoundOptions {
  readonly fault: Fault;
  readonly seed: number;
  readonly messages: number;
  /** Default: the gateway, in the fault's house. */
  readonly open?: (fault: Fault, dialogs: number) => Promise<Stage>;
  /** Gives up what is missing when nothing has appeared for so long; default: only when the fault's patience is over. */
  readonly idleMs?: number;
  /** How long people go on writing after the fault; default 1.5 s. */
  readonly lastPartMs?: number;
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
  /** The longest time from writing to appearing, in ms. */
  readonly longestWaitMs: number;
  /** Where a process died: from then until Telegram had heard each session again, in ms. */
  readonly replacedMs?: number;
  /** What must not be, beside the counts: replaced too late, a gateway that has ended, rows that stay open. */
  readonly complaints: readonly string[];
  /** What went wrong, a line each. */
  readonly faults: readonly string[];
  /** Sentences about failures that operators were shown. */
  readonly notices: readonly string[];
  /** Logs and data, where something went wrong. */
  readonly directory?: string;
}

const dialogCount = 12;
const lateCount = 4;
const quietPartMs = 1500;
const openWithinMs = 60_000;
const replacedWithinMs = 30_000;
/** So long a message may take where nothing but the load delays it. */
const perMessageMs = 100;
const fileEvery = 12;

/** Throws where the round itself could not be played. `onOpen` hands out the closing, for an interruption. */
export async function playRound(
  { fault, seed, messages, open: openHouse, ...patience }: RoundOptions,
  onOpen: (close: () => Promise<void>) => void,
): Promise<Result> {
  const random = randomOf(seed);
  const stage = await (openHouse ?? openGateway)(fault, dialogCount);
  onOpen(() => stage.close(false));
  const record = new Record();
  const hands = handsOf(stage.telegram, stage.cast, record);
  const closeEyes = openEyes(stage.telegram, stage.cast, record);
  let isGood = false;
  try {
    const names = [...stage.cast.dialogs.keys()];
    const open = names.slice(0, -lateCount);
    const wanted = Math.min(Math.round(messages * (fault.share ?? 1)), fault.most ?? Infinity);
    const count = Math.max(wanted, open.length + 12);
    const parts = fault.afterwards === undefined ? 3 : 4;
    const plan = { open, late: names.slice(-lateCount), messages: count, fileEvery, parts } as const;
    const lines = scriptOf(plan, random);
    await openDialogs(stage, hands, lines.splice(0, open.length));
    const times = await playParts({
      stage,
      hands,
      record,
      lines,
      fault,
      random,
      ...patience,
    });
    const counted = record.count();
    const complaints = [...(await stage.complaints()), ...tooLate(times.replacedMs)];
    isGood =
      counted.lost + counted.repeated + counted.outOfOrder + counted.wrongTopic + complaints.length === 0;
    const missing = [...record.missing()].map((token) => `${token} lost`);
    return {
      fault: fault.name,
      seed,
      // An operator whose topic was deleted, and whose client writes no more, has nowhere to write.
      written: count - hands.waiting(),
      ...counted,
      ...times,
      longestWaitMs: record.longestWaitMs(),
      complaints,
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

const twoGateways = [[], []];

function openGateway(fault: Fault, dialogs: number): Promise<Stage> {
  const { house = 'embedded', gateways = twoGateways, proxied = false } = fault;
  return house === 'services' ? openServicesStage({ dialogs, gateways, proxied }) : openStage(house, dialogs);
}

async function openDialogs({ cast }: Stage, hands: Hands, openers: readonly Line[]): Promise<void> {
  for (const line of openers) hands.write(line);
  const isOpen = (): boolean => openers.every(({ dialog }) => liveTopic(cast.group, dialog) !== undefined);
  if (!(await until(isOpen, openWithinMs))) throw new Error('the gateway did not open its topics');
}

interface Play extends Pick<RoundOptions, 'idleMs' | 'lastPartMs'> {
  readonly stage: Stage;
  readonly hands: Hands;
  readonly record: Record;
  readonly lines: readonly Line[];
  readonly fault: Fault;
  readonly random: ReturnType<typeof randomOf>;
}

async function playParts(play: Play): Promise<Pick<Result, 'recoveryMs' | 'firstSignMs' | 'replacedMs'>> {
  const { stage, record, fault, random } = play;
  await writePart(play, 0, quietPartMs);
  const end = await fault.begin(stage, random);
  const beganAt = Date.now();
  await writePart(play, 1, fault.lastsMs);
  // What ending it takes (a start, a login) is part of the recovery.
  const offAt = Date.now();
  const before = [...record.missing()];
  await end();
  const diedAt = { begin: beganAt, end: Date.now(), never: undefined }[fault.replacedFrom ?? 'never'];
  await writePart(play, 2, play.lastPartMs ?? quietPartMs);
  await settled(play, offAt);
  const completeAt = record.completeAt(before);
  const firstAt = record.firstSince(offAt);
  const servedAt = diedAt === undefined ? undefined : stage.replacedSince?.(diedAt);
  if (fault.afterwards !== undefined) {
    await Promise.all([fault.afterwards(stage, random), writePart(play, 3, quietPartMs)]);
    await settled(play, Date.now());
  }
  return {
    ...(completeAt === undefined ? {} : { recoveryMs: Math.max(0, completeAt - offAt) }),
    ...(firstAt === undefined ? {} : { firstSignMs: firstAt - offAt }),
    ...(diedAt === undefined ? {} : { replacedMs: (servedAt ?? Infinity) - diedAt }),
  };
}

/** Waits until all has arrived, or is given up, and nothing appears any more. */
async function settled(play: Play, since: number): Promise<void> {
  const { hands, record, lines, fault, idleMs = Infinity } = play;
  const { quietMs = 2000, patienceMs = 90_000 } = fault;
  const quietForMs = (): number => Date.now() - Math.max(record.changedAt, since);
  const isOver = (): boolean => {
    const [missing, waiting] = [record.missing().size, hands.waiting()];
    if (missing + waiting === 0) return true;
    return quietForMs() > Math.min(patienceMs, missing === 0 ? quietMs : idleMs);
  };
  await until(isOver, patienceMs + lines.length * perMessageMs);
  await until(() => quietForMs() >= quietMs, quietMs * 5);
}

async function writePart({ hands, lines }: Play, wanted: Part, lastsMs: number): Promise<void> {
  await write(
    hands,
    lines.filter(({ part }) => part === wanted),
    lastsMs,
  );
}

function tooLate(replacedMs: number | undefined): string[] {
  if (replacedMs === undefined || replacedMs <= replacedWithinMs) return [];
  return [`replaced after ${(replacedMs / 1000).toFixed(1)} s, later than ${replacedWithinMs / 1000} s`];
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
