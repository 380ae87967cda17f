/**
 * Runs a property. A failure prints fast-check's seed and path; `SEED=<seed> SEED_PATH=<path>` plays exactly that case again, and
 * `RUNS` multiplies the cases.
 */
import fc from 'fast-check';

export const intensity = Number(process.env['RUNS'] ?? 1);

export async function property<T>(
  runs: number,
  cases: fc.Arbitrary<T>,
  check: (one: T) => Promise<void>,
): Promise<void> {
  const { SEED, SEED_PATH } = process.env;
  await fc.assert(fc.asyncProperty(cases, check), {
    numRuns: runs * intensity,
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(SEED_PATH === undefined ? {} : { path: SEED_PATH }),
  });
}
