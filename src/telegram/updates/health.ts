/** The state as figures for people. */
import type { EngineHealth } from './ports.js';
import type { EngineState } from './state.js';

export function healthOf(state: EngineState): EngineHealth {
  const { pts, qts, seq } = state.common;
  let waiting = pts.waiting.length + qts.waiting.length + seq.waiting.length;
  for (const channel of state.channels.values()) waiting += channel.pts.waiting.length;
  return { ...state.tally, unconfirmed: state.unconfirmed, waiting };
}

/** No question is open, nothing waits, everything is durable. */
export function isQuiet(state: EngineState): boolean {
  if (state.unconfirmed > 0 || state.common.flight.stage !== 'none') return false;
  for (const { flight, status } of state.channels.values()) {
    if (flight.stage !== 'none' || status === 'diff') return false;
  }
  return state.phase === 'live';
}
