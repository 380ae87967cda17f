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

/** It pings every 9 s and notices a black hole after 40 s. */
export function stockPatienceMs(fault: string): number {
  return fault.startsWith('socket.black-hole') || fault === 'call.answer-lost' ? 60_000 : 8000;
}
