/** Which messages of the server were seen: a second copy is acknowledged and dropped (security guidelines, "checking msg_id"). */
export class ReceivedIds {
  readonly #limit: number;
  readonly #seen = new Set<bigint>();
  /** Ids up to here are taken for seen: they are older than all that the window still knows. */
  #floor = 0n;

  constructor(limit = 4096) {
    this.#limit = limit;
  }

  /** True the first time. */
  add(msgId: bigint): boolean {
    if (msgId <= this.#floor || this.#seen.has(msgId)) return false;
    this.#seen.add(msgId);
    if (this.#seen.size > this.#limit) this.#forgetHalf();
    return true;
  }

  has(msgId: bigint): boolean {
    return msgId <= this.#floor || this.#seen.has(msgId);
  }

  /** The lower half by value: ids grow with the server's clock, whatever the order of arrival. */
  #forgetHalf(): void {
    const sorted = [...this.#seen].sort((a, b) => (a < b ? -1 : 1));
    const cut = sorted[Math.floor(sorted.length / 2)] ?? 0n;
    for (const id of sorted) {
      if (id > cut) break;
      this.#seen.delete(id);
    }
    this.#floor = cut;
  }
}
