/** Common message ids are consecutive per account, so a missing one proves a message that another session of the bot took. */

export interface Audit {
  /** Highest id seen; 0 before the first. */
  readonly top: number;
  /** Ids below it that nobody has told us about, ascending. */
  readonly missing: readonly number[];
}

/** So many suspects are kept, the youngest. */
const mostMissing = 1000;

/** Takes note of a common message id, from wherever. */
export function noteId(audit: Audit, id: number): Audit {
  if (id <= audit.top) {
    return audit.missing.includes(id)
      ? { ...audit, missing: audit.missing.filter((other) => other !== id) }
      : audit;
  }
  if (audit.top === 0 || id === audit.top + 1) return { ...audit, top: id };
  const first = Math.max(audit.top + 1, id - mostMissing);
  const between = Array.from({ length: id - first }, (_, index) => first + index);
  return { top: id, missing: [...audit.missing, ...between].slice(-mostMissing) };
}

/** These ids were asked for: what exists is known now, the rest is deleted or not ours. */
export function settleIds(audit: Audit, ids: readonly number[]): Audit {
  return { ...audit, missing: audit.missing.filter((id) => !ids.includes(id)) };
}
