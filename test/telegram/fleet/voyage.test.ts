import { expect } from 'chai';
import { connectionId } from '../../../src/domain/ids.js';
import { takeLease } from '../../../src/telegram/fleet/lease.js';
import { Openings } from '../../../src/telegram/fleet/openings.js';
import { Voyage } from '../../../src/telegram/fleet/voyage.js';
import type { Client } from '../../../src/telegram/rpc/client.js';
import type { SessionKey } from '../../../src/telegram/session/key.js';
import type { UpdateEngine } from '../../../src/telegram/updates/ports.js';
import { silentLog } from '../../support/silent-log.js';
import { settle, VirtualClock } from '../../support/virtual-clock.js';
import { MemoryLeases, memoryPeers, memoryUpdates } from './memory-rows.js';

describe('Voyage of a session', () => {
  const owner = connectionId('7000000100');
  const key: SessionKey = { dc: 2, authKey: Buffer.alloc(256, 1), userId: '7000000100', kind: 'bot' };
  let clock: VirtualClock;
  let leases: MemoryLeases;
  /** Of the sessions that were opened. */
  let sockets: number;
  let stopEngine: () => Promise<void>;

  beforeEach(() => {
    clock = new VirtualClock();
    leases = new MemoryLeases();
    sockets = 0;
    stopEngine = () => Promise.resolve();
  });

  function openClient(): Client {
    let open = true;
    sockets += 1;
    return {
      call: () => new Promise<never>(() => undefined),
      mediaLink: () => Promise.reject(new Error('not used')),
      onUpdate: () => undefined,
      onResult: () => undefined,
      onEvent: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      dc: key.dc,
      authKey: key.authKey,
      async close() {
        if (open) sockets -= 1;
        open = false;
      },
    };
  }

  const engine = (): UpdateEngine => ({
    start: () => Promise.resolve(),
    stop: () => stopEngine(),
    onUpdates: () => undefined,
    onResult: () => undefined,
    onEvent: () => undefined,
    resync: () => Promise.resolve(),
    health: () => {
      throw new Error('not used');
    },
  });

  /** Under way until the signal is aborted; `ended` when the lease is given back. */
  async function sail(signal: AbortSignal): Promise<{ ended: Promise<void> }> {
    const lease = await takeLease({ leases, clock, holder: 'a' }, 's', signal);
    if (lease === undefined) throw new Error('not taken');
    const session = {
      openClient,
      createEngine: engine,
      updates: memoryUpdates(),
      peers: memoryPeers(),
      directory: { knows: () => true, save: async () => undefined },
      normalise: () => null,
      clock,
      log: silentLog,
      random: () => 0,
      onJournaled: () => undefined,
    };
    const keys = {
      load: async () => key,
      save: async () => undefined,
      remove: async () => undefined,
      mark: async () => 'row',
    };
    const deps = { session, keys, openings: new Openings(1), logInDesk: async () => undefined };
    const run = new Voyage(deps, owner, lease, () => undefined).run(signal);
    await settle();
    return { ended: run.then(() => lease.release()) };
  }

  it('C6 a lease that is lost while the last rows are being written closes the sockets at once', async () => {
    const calledOff = new AbortController();
    let written: () => void = () => undefined;
    const draining = new Promise<void>((resolve) => (written = resolve));
    stopEngine = () => draining;
    const { ended } = await sail(calledOff.signal);
    expect(sockets).to.equal(1);
    await clock.advance(3_000);
    calledOff.abort();
    await settle();
    expect(sockets).to.equal(1);
    leases.steal('s', 'b', clock.now() + 15_000);
    // The next renewal tells.
    await clock.advance(1_000);
    expect(sockets).to.equal(0);
    written();
    await ended;
  });
});
