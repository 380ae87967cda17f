/** Finished calls that can still be named. */
const KEPT = 1000;

/** The calls of one session by their message ids, for invokeAfterMsg, duplicates and rpc_drop_answer. */
export class CallLog {
  private readonly ends = new Map<bigint, Promise<boolean>>();
  private readonly answers = new Map<bigint, bigint>();
  private readonly waiters = new Map<bigint, ((end: Promise<boolean>) => void)[]>();
  private readonly dropped = new Set<bigint>();

  /** `end` tells whether the call succeeded; it never rejects. */
  start(id: bigint, end: Promise<boolean>): void {
    this.ends.set(id, end);
    for (const wake of this.waiters.get(id) ?? []) wake(end);
    this.waiters.delete(id);
    for (const map of [this.ends, this.answers]) {
      const [oldest] = map.keys();
      if (map.size > KEPT && oldest !== undefined) map.delete(oldest);
    }
  }

  /** The end of a call, also of one that starts until `giveUp` fires; undefined: it never started. */
  async end(id: bigint, giveUp: (act: () => void) => void): Promise<boolean | undefined> {
    const known = this.ends.get(id);
    if (known !== undefined) return known;
    return new Promise((resolve) => {
      this.waiters.set(id, [...(this.waiters.get(id) ?? []), resolve]);
      giveUp(() => {
        this.waiters.delete(id);
        resolve(undefined);
      });
    });
  }

  setAnswer(id: bigint, answerId: bigint): void {
    this.answers.set(id, answerId);
  }

  answer(id: bigint): bigint | undefined {
    return this.answers.get(id);
  }

  /** The client no longer wants the answer of a running call. */
  drop(id: bigint): void {
    this.dropped.add(id);
  }

  /** Whether the answer was dropped; asked once. */
  takeDropped(id: bigint): boolean {
    return this.dropped.delete(id);
  }
}
