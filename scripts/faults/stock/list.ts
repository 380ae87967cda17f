/** The faults that the stock library is shown under, and how long it may stay silent before what is missing counts as lost. */

export const stockRun: readonly string[] = [
  'none',
  'call.answer-lost',
  'push.drop',
  'push.duplicate',
  'push.reorder',
  'push.too-long',
  'push.unknown',
  'push.error-first',
  'socket.close',
  'socket.black-hole, short',
  'session.clock',
  'kill -9',
  'stop for a while',
  'topic deleted',
];

/** It pings every 9 s and notices a black hole after 40 s: people go on writing until then. */
export function stockPatience(fault: string): { readonly idleMs: number; readonly lastPartMs?: number } {
  return fault.startsWith('socket.black-hole') ? { idleMs: 60_000, lastPartMs: 60_000 } : { idleMs: 8000 };
}
