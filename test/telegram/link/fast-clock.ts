import type { Clock } from '../../../src/ports/runtime.js';

/** Real time, `speed` times as fast: sockets stay real, waits of seconds take milliseconds. */
export function fastClock(speed: number): Clock & { after(ms: number, act: () => void): () => void } {
  const startMs = Date.now();
  const setTimer = (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, Math.max(0, delayMs) / speed);
    return () => {
      clearTimeout(timer);
    };
  };
  return {
    now: () => startMs + (Date.now() - startMs) * speed,
    setTimer,
    after: setTimer,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const end = () => {
          cancel();
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const cancel = setTimer(ms, end);
        if (signal?.aborted === true) end();
        else signal?.addEventListener('abort', end);
      }),
  };
}
