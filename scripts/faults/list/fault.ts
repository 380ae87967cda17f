/** A fault: how it begins and how it ends. Everything that it does depends on the round's seed alone. */

import type { Fault as Wire } from '../../../test/emulator/mtproto/faults.js';
import type { House, Stage } from '../stage/stage.js';
import type { Random } from '../traffic/random.js';

export interface Fault {
  readonly name: string;
  /** For the table: what happens in the middle third. */
  readonly what: string;
  /** Absent: any house, one process as well as several. */
  readonly house?: House;
  /** In the house `services`: the arguments of each gateway process; default two processes with all roles. */
  readonly gateways?: readonly (readonly string[])[];
  /** In the house `services`: the gateways reach the database through a proxy. */
  readonly proxied?: true;
  /** It kills the database, which must be a process of the round. */
  readonly ownDatabase?: true;
  /** How long the middle third lasts, in ms. */
  readonly lastsMs: number;
  /** Messages that are written at most, whatever `--messages` says. */
  readonly most?: number;
  /** Share of `--messages` that is written; default 1. */
  readonly share?: number;
  /** After everything has arrived, how long nothing may appear any more; default 2 s. */
  readonly quietMs?: number;
  /** After its end: gives up what is missing when nothing has appeared for so long; default 90 s. */
  readonly patienceMs?: number;
  /** Part of `--short`. */
  readonly short?: true;
  /** A process dies or freezes as the last thing of the fault's beginning or end: its sessions must be alive again within 30 s. */
  readonly replacedFrom?: 'begin' | 'end';
  begin(stage: Stage, random: Random): Promise<End> | End;
  /** When everything has arrived: something more happens, and people go on writing. */
  afterwards?(stage: Stage, random: Random): Promise<void>;
}

/** Ends the fault; answers when it is really over. */
export type End = () => Promise<void> | void;

/** Stands for the whole middle third. */
export function standing(...faults: readonly Wire[]): Fault['begin'] {
  return ({ telegram }) => {
    const ids = faults.map((fault) => telegram.faults.add(fault));
    return () => ids.forEach((id) => telegram.faults.remove(id));
  };
}

/** Added again and again, each for one hit; what has hit nothing until the end is taken back. A fault that never hit proves nothing: the end throws. */
export function repeated(everyMs: number, ...faults: readonly Wire[]): Fault['begin'] {
  return ({ telegram }) => {
    const ids: string[] = [];
    const add = (): void => void ids.push(...faults.map((fault) => telegram.faults.add(fault)));
    add();
    const timer = setInterval(add, everyMs);
    return () => {
      clearInterval(timer);
      const unused = ids.filter((id) => telegram.faults.remove(id));
      if (unused.length === ids.length) throw new Error('the fault has hit nothing');
    };
  };
}

/** Does it again and again, one after the other, at random moments; the end waits for the last one. */
export function again(
  act: (stage: Stage, random: Random) => Promise<void>,
  { lowMs, highMs }: { readonly lowMs: number; readonly highMs: number },
): Fault['begin'] {
  return (stage, random) => {
    let isOver = false;
    const run = async (): Promise<void> => {
      for (;;) {
        await pause(random.between(lowMs, highMs));
        if (isOver) return;
        await act(stage, random);
      }
    };
    const running = run();
    // The end rejects instead.
    running.catch(() => undefined);
    return async () => {
      isOver = true;
      await running;
    };
  };
}

/** Both from the beginning to the end. */
export function together(...begins: readonly Fault['begin'][]): Fault['begin'] {
  return async (stage, random) => {
    const ends: End[] = [];
    for (const begin of begins) ends.push(await begin(stage, random));
    return async () => {
      for (const end of ends) await end();
    };
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
