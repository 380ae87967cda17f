import type { Clock } from './api.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** The server's clock: the given one, jumped by faults; its timers end with the server. */
export class ServerClock implements Clock {
  private readonly base: Clock;
  private readonly offset: () => number;
  private readonly running = new Set<() => void>();

  /** `offset` in milliseconds. */
  constructor(base: Clock, offset: () => number) {
    this.base = base;
    this.offset = offset;
  }

  now(): number {
    return this.base.now() + this.offset();
  }

  after(ms: number, act: () => void): () => void {
    const cancel = this.base.after(ms, () => {
      this.running.delete(stop);
      act();
    });
    const stop = (): void => {
      this.running.delete(stop);
      cancel();
    };
    this.running.add(stop);
    return stop;
  }

  stop(): void {
    for (const stop of [...this.running]) stop();
  }
}
