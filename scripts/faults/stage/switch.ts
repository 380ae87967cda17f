/** A process of the round that faults kill, stop, freeze and start again. */

import type { Processes, Program, Running } from '../../sandbox/processes.js';

export interface Switch {
  readonly alive: boolean;
  /** Answers when it has said that it is ready; what it said. */
  start(args?: readonly string[]): Promise<unknown>;
  /** SIGKILL: it learns nothing of it. */
  kill(): Promise<void>;
  /** SIGTERM: it may say goodbye. Throws when it takes longer than a graceful stop may. */
  stop(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** Of one process. */
export interface ProcessSwitch extends Switch {
  /** While it runs. */
  pid(): number | undefined;
}

/** What a service manager allows,. */
const stopsWithinMs = 25_000;

export function switchOf(processes: Processes, program: Program): ProcessSwitch {
  let running: Running | undefined;
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    if (running?.alive === true) process.kill(running.pid, name);
  };
  return {
    get alive() {
      return running?.alive === true;
    },
    pid: () => (running?.alive === true ? running.pid : undefined),
    async start(args) {
      if (running?.alive === true) return running.said;
      running = await processes.start(args === undefined ? program : { ...program, args });
      return running.said;
    },
    async kill() {
      await running?.end('SIGKILL');
    },
    async stop() {
      const heard = (await running?.end('SIGTERM', stopsWithinMs)) ?? true;
      if (!heard)
        throw new Error(`${program.name} did not end within ${stopsWithinMs / 1000} s after SIGTERM`);
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

/** Several as one; alive as long as one of them is. */
export function allOf(switches: readonly Switch[]): Switch {
  const each = async (act: (one: Switch) => Promise<unknown>): Promise<void> => {
    await Promise.all(switches.map(act));
  };
  return {
    get alive() {
      return switches.some(({ alive }) => alive);
    },
    start: (args) => each((one) => one.start(args)),
    kill: () => each((one) => one.kill()),
    stop: () => each((one) => one.stop()),
    freeze: () => switches.forEach((one) => one.freeze()),
    thaw: () => switches.forEach((one) => one.thaw()),
  };
}
