/** The client's side of the link measures, the same for both libraries. */

import { cpuUs, serve } from '../process/serve.js';
import type { Wire } from './wire-server.js';

export interface Contestant {
  /** Calls `heard` for every update that came. */
  onUpdate(heard: () => void): void;
  /** Sends one text and waits for the answer; absent where only receiving is measured. */
  readonly send?: (text: string) => Promise<unknown>;
}

/** How long it took, and how much CPU each one. */
export interface Spent {
  readonly perSecond: number;
  readonly cpuUsEach: number;
}

const text = 'a message of some forty characters of text';

function opsFor(connect: (wire: Wire) => Promise<Contestant>) {
  let contestant: Contestant | undefined;
  let heard: () => void = () => undefined;
  let received: Promise<Spent> | undefined;
  const current = (): Contestant => {
    if (contestant === undefined) throw new Error('not connected');
    return contestant;
  };
  return {
    async connect(wire: Wire): Promise<void> {
      contestant = await connect(wire);
      contestant.onUpdate(() => heard());
    },
    /** Counts from here on; ask before anything is pushed. */
    expect({ count }: { count: number }): void {
      received = new Promise((resolve) => {
        const cpu = cpuUs();
        let start = 0;
        let seen = 0;
        heard = () => {
          if (++seen === 1) start = performance.now();
          if (seen === count) resolve(spent(count, performance.now() - start, cpuUs() - cpu));
        };
      });
    },
    /** Answers when all that was expected has come; the clock began with the first. */
    received: (_: null): Promise<Spent> | undefined => received,
    async send({ count, inFlight }: { count: number; inFlight: number }): Promise<Spent> {
      const cpu = cpuUs();
      const start = performance.now();
      let left = count;
      const worker = async (): Promise<void> => {
        while (left-- > 0) await current().send?.(text);
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
      return spent(count, performance.now() - start, cpuUs() - cpu);
    },
  };
}

export type LinkOps = ReturnType<typeof opsFor>;

export function serveLink(connect: (wire: Wire) => Promise<Contestant>): void {
  serve(opsFor(connect));
}

function spent(count: number, ms: number, cpu: number): Spent {
  return { perSecond: (count * 1000) / ms, cpuUsEach: cpu / count };
}
