/** Questions that may never be answered, asked by somebody who will not wait. */

import type { Clock } from '../ports/runtime.js';

export type Answered<T> = { readonly value: T } | undefined;

/** What came within so many ms; undefined when it is late or rejected. Nothing is called off: ask through `shared`. */
export async function within<T>(clock: Clock, withinMs: number, asked: Promise<T>): Promise<Answered<T>> {
  const answered = new AbortController();
  try {
    return await Promise.race([
      asked.then(
        (value) => ({ value }),
        () => undefined,
      ),
      clock.sleep(withinMs, answered.signal).then(() => undefined),
    ]);
  } finally {
    answered.abort();
  }
}

/** The same question, but only once at a time: whoever asks meanwhile gets the answer under way, so that none pile up. */
export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().finally(() => (asked = undefined));
    return asked;
  };
}
