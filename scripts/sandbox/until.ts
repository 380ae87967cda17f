/** Looks again and again until it is true or the time is over; the last answer tells which. */

const lookEveryMs = 40;

export async function until(look: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  for (;;) {
    if (await look()) return true;
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
