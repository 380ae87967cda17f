import { expect } from 'chai';
import { GatewayError } from '../../../src/domain/errors.js';
import { connectionId, type ConnectionId } from '../../../src/domain/ids.js';
import type { Fleet } from '../../../src/telegram/fleet/contract.js';
import { createShare, type Share } from '../../../src/telegram/fleet/share.js';
import { withinShare } from '../../../src/telegram/fleet/within-share.js';
import { silentLog } from '../../support/silent-log.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { connectionsOf, eventually, openHarbour, type Harbour } from './harbour.js';
import { MemoryLeases } from './memory-rows.js';

describe('The share of a process', () => {
  describe('withinShare', () => {
    it('C6 beyond the share nothing is taken, also when many ask at once, and what ran out counts no more', async () => {
      const clock = new VirtualClock();
      const leases = withinShare(new MemoryLeases(), clock, () => 2);
      const take = (name: string) => leases.take(name, 'a', 15_000, clock.now());
      const taken = await Promise.all(['x', 'y', 'z'].map(take));
      expect(taken.map((lease) => lease !== undefined)).to.deep.equal([true, true, false]);
      await leases.release('x', 'a', 1);
      expect(await take('z')).to.not.equal(undefined);
      await clock.advance(15_000);
      expect(leases.held()).to.equal(0);
    });
  });

  it('C6 a process that has died counts no more when it has missed two renewals', async () => {
    const clock = new VirtualClock();
    const leases = new MemoryLeases();
    // Nobody renews it.
    await leases.take('process-dead', 'dead', 15_000, clock.now());
    const share = createShare({ leases, clock, holder: 'a', log: silentLog });
    await share.join();
    expect(share.of(4)).to.equal(2);
    for (let s = 0; s < 10; s++) await clock.advance(1_000);
    expect(share.of(4)).to.equal(4);
    await share.leave();
  });

  it('C6 a process that is not ready yet takes no part, and the others keep theirs', async () => {
    const clock = new VirtualClock();
    const leases = new MemoryLeases();
    const [first, second] = ['a', 'b'].map((holder) =>
      createShare({ leases, clock, holder, log: silentLog }),
    ) as [Share, Share];
    await first.join();
    await clock.advance(5_000);
    expect(first.of(4)).to.equal(4);
    await second.join();
    await clock.advance(2_000);
    expect([first.of(4), second.of(4)]).to.deep.equal([2, 2]);
    await Promise.all([first.leave(), second.leave()]);
  });

  it('O4 a stop is heard while the store is away', async () => {
    const clock = new VirtualClock();
    const leases = new MemoryLeases();
    leases.take = () => Promise.reject(new GatewayError('MONGODB_UNREACHABLE'));
    const share = createShare({ leases, clock, holder: 'a', log: silentLog });
    const stop = new AbortController();
    const ended = share.join(stop.signal).catch((error: unknown) => error);
    await clock.advance(10_000);
    stop.abort();
    expect(await ended).to.equal(stop.signal.reason);
    await share.leave();
    expect(clock.pending).to.equal(0);
  });

  describe('fleets', () => {
    const ids = [1, 2, 3, 4].map((n) => 7_000_000_100 + n);
    const owners: ConnectionId[] = ids.map((id) => connectionId(String(id)));
    let harbour: Harbour;

    beforeEach(async () => {
      harbour = await openHarbour();
      for (const id of ids) {
        const token = `${id}:AAsecret-of-the-bot`;
        harbour.telegram.world.createBot({ firstName: 'Bot', username: `bot_${id}`, token });
        await harbour.connect(token);
      }
    });

    afterEach(() => harbour.close());

    const running = (fleet: Fleet): number =>
      owners.filter((owner) => fleet.sessionOf(owner) !== undefined).length;
    const everyOneOnce = (): boolean => ids.every((id) => connectionsOf(harbour, id) === 1);

    it('C6 two processes divide the sessions, and each session runs in one of them', async () => {
      const first = harbour.sharing('a');
      await first.open();
      await eventually(() => running(first) === 4);
      const second = harbour.sharing('b');
      await second.open();
      await eventually(() => running(first) === 2 && running(second) === 2 && everyOneOnce());
      const doubled = owners.filter(
        (owner) => first.sessionOf(owner) !== undefined && second.sessionOf(owner),
      );
      expect(doubled).to.deep.equal([]);
    });

    it('C6 O4 a process that stops gives its sessions to the others within seconds', async () => {
      const first = harbour.sharing('a');
      const second = harbour.sharing('b');
      await Promise.all([first.open(), second.open()]);
      await eventually(() => running(first) === 2 && running(second) === 2);
      await first.close();
      await eventually(() => running(second) === 4 && everyOneOnce());
      expect(owners.filter((owner) => first.holds(owner))).to.deep.equal([]);
    });
  });
});
