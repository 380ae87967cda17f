const firstMs = 1_000;
const longestMs = 60_000;

/** How long a job rests after its n-th failure: 1 s, doubling to at most a minute. */
export function retryDelayMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16));
}
