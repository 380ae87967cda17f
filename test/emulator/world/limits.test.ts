import { expect } from 'chai';
import { Limits } from './limits.js';

describe('posting limits of the local Telegram', () => {
  const clockAt = (start: number) => {
    const clock = { at: start, now: () => clock.at, after: () => () => undefined };
    return clock;
  };

  it('O2 the 21st post of a bot in a group within a minute waits for the first to age', () => {
    const clock = clockAt(0);
    const limits = new Limits(clock, { chatPerSecond: 0 });
    for (let n = 0; n < 20; n += 1) {
      clock.at += 1000;
      limits.take(1, 'channel:2', true);
    }
    expect(() => limits.take(1, 'channel:2', true)).to.throw('FLOOD_WAIT_41');
    limits.take(2, 'channel:2', true);
    limits.take(1, 'channel:3', true);
    clock.at += 41_000;
    limits.take(1, 'channel:2', true);
  });

  it('O2 five posts in any five seconds of one chat', () => {
    const clock = clockAt(0);
    const limits = new Limits(clock);
    for (let n = 0; n < 5; n += 1) limits.take(1, 'user:2', false);
    expect(() => limits.take(1, 'user:2', false)).to.throw('FLOOD_WAIT_5');
    limits.take(1, 'user:3', false);
  });

  it('O2 a refused post counts nothing, and switched off limits count nothing at all', () => {
    const clock = clockAt(0);
    const limits = new Limits(clock, { chatPerSecond: 0, groupPerMinute: 2 });
    limits.take(1, 'channel:2', true, 2);
    expect(() => limits.take(1, 'channel:2', true)).to.throw('FLOOD_WAIT_60');
    clock.at = 60_000;
    limits.take(1, 'channel:2', true, 2);
    limits.set({ enabled: false });
    for (let n = 0; n < 100; n += 1) limits.take(1, 'channel:2', true);
  });
});
