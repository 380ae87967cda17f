/** How far the store is from its cap. */

/** The default cap on stored bytes, documents and index entries: 16 GiB. */
export const defaultCapBytes = 16 * 1024 ** 3;

/**
 * Above the cap, as a share of it, stands a reserve for changes of documents that are there: in a full store too leases are renewed,
 * and rows are claimed before they end and free their contents.
 */
export const reserveShare = 0.02;

/** Per cent of the cap at which somebody must be told. */
export type UsageLevel = 80 | 95;

export interface StoreUsage {
  readonly usedBytes: number;
  readonly capBytes: number;
  /** What was reached; undefined below 80 per cent. */
  readonly level: UsageLevel | undefined;
}

/** Below the level it fell from by so much, the store is no longer there: a store at the edge is told of once. */
const backBy = 0.05;

/** The level that so many bytes have reached. */
export function usageOf(usedBytes: number, capBytes = defaultCapBytes): StoreUsage {
  const share = usedBytes / capBytes;
  return { usedBytes, capBytes, level: share >= 0.95 ? 95 : share >= 0.8 ? 80 : undefined };
}

/** Fed with the stored bytes after every change; tells each level when it is reached, and again after the store was clearly below. */
export function watchUsage(capBytes: number, tell: (usage: StoreUsage) => void): (usedBytes: number) => void {
  let told = 0;
  return (usedBytes) => {
    const usage = usageOf(usedBytes, capBytes);
    if (usedBytes / capBytes < told / 100 - backBy) told = usage.level ?? 0;
    if ((usage.level ?? 0) <= told) return;
    told = usage.level ?? 0;
    tell(usage);
  };
}
