import { expect } from 'chai';
import { KeepAlive } from '../../../src/telegram/link/keep-alive.js';
import { VirtualClock } from '../../support/virtual-clock.js';

/** A connection whose far side has gone: what is written goes to the kernel, nothing comes back. */
function deadConnection() {
  const clock = new VirtualClock();
  const watched = {
    waitingSinceMs: undefined as number | undefined,
    flushedBytes: 0,
    unflushedBytes: 0,
    pings: 0,
    endedMs: undefined as number | undefined,
    ping() {
      watched.pings += 1;
      watched.flushedBytes += 100;
    },
    silent() {
      watched.endedMs = clock.now();
    },
  };
  return { clock, watched };
}

describe('keep-alive of a link', () => {
  it('C5 a black hole is noticed on a link for files, although its pings go on leaving for the kernel', async () => {
    const { clock, watched } = deadConnection();
    const began = clock.now();
    new KeepAlive(clock, watched, 15_000);
    await clock.advance(60_000);
    expect((watched.endedMs ?? Infinity) - began).to.be.at.most(23_000);
    expect(clock.pending).to.equal(0);
  });

  it('C5 a black hole is noticed within 5 s although new calls leave all the time', async () => {
    const { clock, watched } = deadConnection();
    const began = clock.now();
    watched.waitingSinceMs = began;
    new KeepAlive(clock, watched, 5000);
    for (let second = 0; second < 10; second += 1) {
      watched.flushedBytes += 500;
      await clock.advance(1000);
    }
    expect((watched.endedMs ?? Infinity) - began).to.be.at.most(5500);
  });

  it('C5 a slow uplink is no silence: the other side drains a kernel that was full', async () => {
    const { clock, watched } = deadConnection();
    watched.waitingSinceMs = clock.now();
    watched.unflushedBytes = 1_000_000;
    const keepAlive = new KeepAlive(clock, watched, 5000);
    for (let second = 0; second < 30; second += 1) {
      await clock.advance(1000);
      watched.flushedBytes += 10_000;
      watched.unflushedBytes -= 10_000;
    }
    expect(watched.endedMs).to.equal(undefined);
    keepAlive.stop();
  });
});
