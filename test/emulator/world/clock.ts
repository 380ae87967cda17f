/** Time for the whole world; a test brings its own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs `act` after `ms`; returns its cancellation. */
  after(ms: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const seconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
