import { expect } from 'chai';
import { takePlace } from '../../src/app/processes.js';
import { asGatewayError } from '../../src/domain/errors.js';
import { silentLog } from '../support/silent-log.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { MemoryLeases } from '../telegram/fleet/memory-rows.js';

describe('One process or several', () => {
  const setUp = () => {
    const clock = new VirtualClock();
    const leases = new MemoryLeases();
    const stopped = new AbortController();
    const enter = (holder: string, processes: 'one' | 'several') =>
      takePlace({
        config: { processes },
        leases,
        holder,
        clock,
        log: silentLog,
        signal: stopped.signal,
      });
    return { clock, leases, stopped, enter };
  };
  const codeOf = (entering: Promise<unknown>): Promise<string> =>
    entering.then(
      () => 'entered',
      (error: unknown) => asGatewayError(error).code,
    );

  it('O1 without Redis a second process is refused while the first lives, and enters when that one has stopped', async () => {
    const { clock, enter } = setUp();
    const first = await enter('a', 'one');
    const second = codeOf(enter('b', 'one'));
    for (let s = 0; s < 22; s++) await clock.advance(1_000);
    expect(await second).to.equal('PROCESS_RUNNING');
    await first.release();
    const third = await enter('c', 'one');
    expect(third.holds()).to.equal(true);
    await third.release();
  });

  it('O4 one that was killed is replaced as soon as its lease has run out', async () => {
    const { clock, leases, enter } = setUp();
    // Nobody renews it.
    await leases.take('only-process', 'killed', 15_000, clock.now());
    let entered = '';
    void codeOf(enter('b', 'one')).then((code) => (entered = code));
    await clock.advance(15_000);
    expect(entered).to.equal('');
    for (let s = 0; s < 6; s++) await clock.advance(1_000);
    expect(entered).to.equal('entered');
  });

  it('C6 processes that share the work stay out while one without Redis works', async () => {
    const { enter } = setUp();
    const lonely = await enter('a', 'one');
    expect(await codeOf(enter('b', 'several'))).to.equal('PROCESS_RUNNING');
    await lonely.release();
    const sharing = [await enter('b', 'several'), await enter('c', 'several')];
    for (const lease of sharing) await lease.release();
  });

  it('C6 one without Redis stays out while processes work that share it, and keeps none of them out', async () => {
    const { clock, enter } = setUp();
    const sharing = await enter('a', 'several');
    const refused = codeOf(enter('b', 'one'));
    await clock.advance(10_000);
    const another = await enter('c', 'several');
    for (let s = 0; s < 12; s++) await clock.advance(1_000);
    expect(await refused).to.equal('PROCESS_RUNNING');
    await Promise.all([sharing.release(), another.release()]);
    expect(await codeOf(enter('d', 'one'))).to.equal('entered');
  });

  it('O4 one without Redis enters as soon as the lease of a killed one that shared the work has run out', async () => {
    const { clock, leases, enter } = setUp();
    // Nobody renews it.
    await leases.take('sharing-killed', 'killed', 15_000, clock.now());
    let entered = '';
    void codeOf(enter('b', 'one')).then((code) => (entered = code));
    await clock.advance(14_000);
    expect(entered).to.equal('');
    await clock.advance(1_000);
    expect(entered).to.equal('entered');
  });

  it('O4 one that waits for the others can be stopped', async () => {
    const { stopped, enter } = setUp();
    const sharing = await enter('a', 'several');
    const waiting = enter('b', 'one').catch((error: unknown) => error);
    stopped.abort();
    expect(await waiting).to.equal(stopped.signal.reason);
    await sharing.release();
  });

  it('C6 of two kinds that start together at most one enters', async () => {
    const { enter } = setUp();
    const codes = await Promise.all([codeOf(enter('a', 'one')), codeOf(enter('b', 'several'))]);
    expect(codes).to.include('PROCESS_RUNNING');
  });
});
