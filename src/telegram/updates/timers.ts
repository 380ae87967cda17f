/** The engine's timers by name: starting one again replaces it. */
import type { Cancel, Clock } from '../../ports/runtime.js';
import type { TimerName } from './protocol.js';

export interface Timers {
  start(name: TimerName, delayMs: number): void;
  stop(name: TimerName): void;
  stopAll(): void;
}

export function createTimers(clock: Clock, fire: (name: TimerName) => void): Timers {
  const armed = new Map<string, Cancel>();

  function stop({ timer, key }: TimerName): void {
    armed.get(`${timer}-${key}`)?.();
    armed.delete(`${timer}-${key}`);
  }

  return {
    start(name, delayMs) {
      stop(name);
      const run = () => {
        armed.delete(`${name.timer}-${name.key}`);
        fire(name);
      };
      armed.set(`${name.timer}-${name.key}`, clock.setTimer(delayMs, run));
    },
    stop,
    stopAll() {
      for (const cancel of armed.values()) cancel();
      armed.clear();
    },
  };
}
