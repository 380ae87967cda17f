/** A process of the round that faults kill, stop, freeze and start again. */

import type { Processes, Program, Running } from '../../sandbox/processes.js';

export interface Switch {
  readonly alive: boolean;
  /** Answers when it has said that it is ready; what it said. */
  start(args?: readonly string[]): Promise<unknown>;
  /** SIGKILL: it learns nothing of it. */
  kill(): Promise<void>;
  /** SIGTERM: it may say goodbye. */
  stop(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

export function switchOf(processes: Processes, program: Program): Switch {
  let running: Running | undefined;
  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    if (running?.alive === true) process.kill(running.pid, name);
  };
  return {
    get alive() {
      return running?.alive === true;
    },
    async start(args) {
      if (running?.alive === true) return running.said;
      running = await processes.start(args === undefined ? program : { ...program, args });
      return running.said;
    },
    kill: async () => running?.end('SIGKILL'),
    stop: async () => running?.end('SIGTERM'),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}
