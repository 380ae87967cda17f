import { expect } from 'chai';
import { standAlone } from '../../src/app/processes.js';
import { asGatewayError } from '../../src/domain/errors.js';
import { silentLog } from '../support/silent-log.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { MemoryLeases } from '../telegram/fleet/memory-rows.js';

describe('One process or several', () => {
  const setUp = () => {
    const clock = new VirtualClock();
    const leases = new MemoryLeases();
    const enter = (holder: string, processes: 'one' | 'several') =>
      standAlone({
        config: { processes },
        leases,
        holder,
        clock,
        log: silentLog,
        signal: new AbortController().signal,
      });
    return { clock, leases, enter };
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
    await first?.release();
    const third = await enter('c', 'one');
    expect(third?.holds()).to.equal(true);
    await third?.release();
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
    await lonely?.release();
    expect(await codeOf(enter('b', 'several'))).to.equal('entered');
    expect(await codeOf(enter('c', 'several'))).to.equal('entered');
  });
});
