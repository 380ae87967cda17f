/** Objects whose optional fields are absent, not undefined. */

/** The same fields; those that T calls optional may be given as undefined. */
export type Loose<T> = { [K in keyof T]: T extends Record<K, T[K]> ? T[K] : T[K] | undefined };

/** Leaves out what is undefined: TL flags and the store's rows go by presence. */
export function present<T extends object>(loose: Loose<T>): T {
  const kept = Object.entries(loose).filter(([, value]) => value !== undefined);
  // The one place where TypeScript can't follow: only fields that T calls optional may have been undefined.
  return Object.fromEntries(kept) as T;
}

/** A TL flag as ours: set, or absent (readers give false for flags that are not there). */
export function flag(set: boolean | undefined): true | undefined {
  return set === true ? true : undefined;
}
