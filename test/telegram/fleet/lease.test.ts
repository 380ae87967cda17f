import { expect } from 'chai';
import { takeLease, type Lease } from '../../../src/telegram/fleet/lease.js';
import { settle, VirtualClock } from '../../support/virtual-clock.js';
import { MemoryLeases } from './memory-rows.js';

describe('Lease of a session', () => {
  let clock: VirtualClock;
  let leases: MemoryLeases;
  let calledOff: AbortController;

  beforeEach(() => {
    clock = new VirtualClock();
    leases = new MemoryLeases();
    calledOff = new AbortController();
  });

  function take(holder: string): {
    lease: () => Lease | undefined;
    waited: () => boolean;
    done: Promise<unknown>;
  } {
    let lease: Lease | undefined;
    let waited = false;
    const done = takeLease({ leases, clock, holder }, 's', calledOff.signal, () => (waited = true)).then(
      (taken) => (lease = taken),
    );
    return { lease: () => lease, waited: () => waited, done };
  }

  async function held(holder: string): Promise<Lease> {
    const taking = take(holder);
    await settle();
    const lease = taking.lease();
    if (lease === undefined) throw new Error('not taken');
    return lease;
  }

  it('C6 is renewed for as long as its holder lives', async () => {
    const lease = await held('a');
    await clock.advance(600_000);
    expect(lease.holds()).to.equal(true);
    expect(leases.rows.get('s')?.until).to.be.above(clock.now() + 10_000);
  });

  it('C6 given back, it is free at once, and no timer is left', async () => {
    const lease = await held('a');
    const second = take('b');
    await clock.advance(500);
    expect(second.waited()).to.equal(true);
    await lease.release();
    await clock.advance(1_000);
    expect(second.lease()?.fence).to.equal(2);
    await second.lease()?.release();
    expect(clock.pending).to.equal(0);
  });

  it('C6 a holder that vanished is replaced 5 s after its lease ran out, within 30 s', async () => {
    await leases.take('s', 'frozen', 15_000, clock.now());
    const startedAt = clock.now();
    const second = take('b');
    await clock.advance(19_900);
    expect(second.lease()).to.equal(undefined);
    await clock.advance(1_200);
    expect(second.lease()?.holds()).to.equal(true);
    expect(clock.now() - startedAt).to.be.below(30_000);
  });

  it('C6 a vanished holder is waited for also when the answer of the taking was lost', async () => {
    await leases.take('s', 'frozen', 15_000, clock.now());
    leases.loseAnswers = 1;
    const second = take('b');
    await clock.advance(19_900);
    expect(leases.rows.get('s')?.holder).to.equal('b');
    expect(second.lease()).to.equal(undefined);
    await clock.advance(1_200);
    expect(second.lease()?.holds()).to.equal(true);
  });

  it('C6 a lease that another one has taken is lost at the next renewal', async () => {
    const lease = await held('a');
    leases.steal('s', 'b', clock.now() + 15_000);
    await clock.advance(4_000);
    expect(lease.lost.aborted).to.equal(true);
    expect(clock.pending).to.equal(0);
  });

  it('C6 without a store the holder stops before anybody may take over', async () => {
    const lease = await held('a');
    leases.onRenew = () => new Promise(() => undefined);
    await clock.advance(12_900);
    expect(lease.lost.aborted).to.equal(false);
    await clock.advance(200);
    expect(lease.lost.aborted).to.equal(true);
  });

  it('C6 a store that comes back in time costs nothing', async () => {
    const lease = await held('a');
    leases.onRenew = () => Promise.reject(new Error('store'));
    await clock.advance(9_000);
    leases.onRenew = () => Promise.resolve();
    await clock.advance(60_000);
    expect(lease.holds()).to.equal(true);
  });

  it('C6 a holder that thaws knows at once that it may not act, before any timer has run', async () => {
    let frozenMs = 0;
    const thawing = { ...bound(clock), now: () => clock.now() + frozenMs };
    const lease = await takeLease({ leases, clock: thawing, holder: 'a' }, 's', calledOff.signal);
    frozenMs = 14_000;
    expect(lease?.holds()).to.equal(false);
    expect(lease?.lost.aborted).to.equal(true);
  });

  it('C6 called off while the former holder may still be connected, it is given back only afterwards', async () => {
    await leases.take('s', 'frozen', 15_000, clock.now());
    const second = take('b');
    await clock.advance(16_000);
    expect(leases.rows.get('s')?.holder).to.equal('b');
    calledOff.abort();
    await clock.advance(3_000);
    expect(leases.rows.get('s')?.holder).to.equal('b');
    await clock.advance(1_000);
    await second.done;
    expect(second.lease()).to.equal(undefined);
    expect(leases.rows.get('s')?.holder).to.equal('');
    expect(clock.pending).to.equal(0);
  });
});

function bound(clock: VirtualClock): Pick<VirtualClock, 'setTimer' | 'sleep'> {
  return {
    setTimer: (delayMs, run) => clock.setTimer(delayMs, run),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
