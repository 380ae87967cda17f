import { expect } from 'chai';
import { asGatewayError } from '../../../src/domain/errors.js';
import { connectionId } from '../../../src/domain/ids.js';
import { leaseName } from '../../../src/telegram/fleet/berth.js';
import { logOutIdle } from '../../../src/telegram/fleet/logout.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { MemoryLeases } from './memory-rows.js';

describe('Logging out a session that another process holds', () => {
  const owner = connectionId('7000000100');
  let clock: VirtualClock;
  let leases: MemoryLeases;
  /** The stored key, as its row. */
  let row: string | undefined;

  beforeEach(() => {
    clock = new VirtualClock();
    leases = new MemoryLeases();
    row = 'sealed';
    leases.steal(leaseName(owner), 'a', clock.now() + 600_000);
  });

  function logOut(): { ended: () => string } {
    let ended = '';
    const keys = {
      load: () => Promise.reject(new Error('not used')),
      save: () => Promise.reject(new Error('not used')),
      remove: () => Promise.reject(new Error('not used')),
      mark: async () => row,
    };
    const session = { clock, openClient: () => Promise.reject(new Error('not used')) };
    logOutIdle({ keys, lease: { leases, clock, holder: 'b' }, session }, owner).then(
      () => (ended = 'logged out'),
      (error: unknown) => (ended = asGatewayError(error).code),
    );
    return { ended: () => ended };
  }

  it('C3 that process has logged it out', async () => {
    const { ended } = logOut();
    row = undefined;
    await clock.advance(25_000);
    expect(ended()).to.equal('logged out');
  });

  it('C3 where it has not, nobody is told that it was logged out', async () => {
    const { ended } = logOut();
    await clock.advance(24_000);
    expect(ended()).to.equal('');
    await clock.advance(1_000);
    expect(ended()).to.equal('TELEGRAM_UNREACHABLE');
  });
});
