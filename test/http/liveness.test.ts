import { expect } from 'chai';
import { watchLiveness } from '../../src/http/liveness.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** A clock whose timers ring late, as those of a blocked event loop do. */
class LateClock extends VirtualClock {
  lateMs = 0;

  override setTimer(delayMs: number, run: () => void) {
    return super.setTimer(delayMs + this.lateMs, run);
  }
}

describe('liveness', () => {
  const clock = new LateClock();
  const stop = new AbortController();
  const liveness = watchLiveness(clock, stop.signal);
  after(() => {
    liveness.close();
    expect(clock.pending, 'timers left behind').to.equal(0);
  });

  it('I4 one long pause is no illness, an event loop that is blocked again and again is, and it recovers', async () => {
    await clock.advance(5_000);
    expect(liveness.life()).to.deep.equal({ status: 'ok' });
    clock.lateMs = 20_000;
    await clock.advance(22_000);
    clock.lateMs = 0;
    expect(liveness.life()).to.deep.equal({ status: 'ok' });
    await clock.advance(22_000);
    clock.lateMs = 1_500;
    await clock.advance(10_000);
    expect(liveness.life()).to.deep.equal({ status: 'blocked', lateMs: 1_500 });
    clock.lateMs = 0;
    await clock.advance(5_000);
    expect(liveness.life()).to.deep.equal({ status: 'ok' });
  });

  it('O4 a stop that is longer under way than any graceful one is hopeless', async () => {
    stop.abort();
    await clock.advance(25_000);
    expect(liveness.life()).to.deep.equal({ status: 'ok' });
    await clock.advance(6_000);
    expect(liveness.life()).to.deep.equal({ status: 'stuck', stoppingMs: 31_000 });
  });
});
