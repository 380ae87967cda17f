import type { Cancel, Clock } from '../ports/runtime.js';

/** Node counts a timer's delay in 31 bits; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = { now: () => Date.now(), setTimer, sleep };

function setTimer(delayMs: number, run: () => void): Cancel {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number) => {
    timer =
      leftMs > longestMs
        ? setTimeout(() => {
            arm(leftMs - longestMs);
          }, longestMs)
        : setTimeout(run, Math.max(0, leftMs));
  };
  arm(delayMs);
  return () => {
    clearTimeout(timer);
  };
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = setTimer(ms, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
