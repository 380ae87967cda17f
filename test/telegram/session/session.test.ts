import { expect } from 'chai';
import { GatewayError, type ErrorCode } from '../../../src/domain/errors.js';
import { connectionId, peerOf } from '../../../src/domain/ids.js';
import type { Peers } from '../../../src/ports/store.js';
import { startLogin, type LoggedIn } from '../../../src/telegram/login/login.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { openSession, type OpenedSession } from '../../../src/telegram/session/session.js';
import { createEngine } from '../../../src/telegram/updates/engine.js';
import type { EnginePorts, EngineSettings } from '../../../src/telegram/updates/ports.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { connectionsOf, eventually } from '../fleet/harbour.js';
import type { Tl } from '../../emulator/types.js';
import { memoryPeers, memoryUpdates } from '../fleet/memory-rows.js';
import { openInstallation, type Installation } from '../login/installation.js';

const SHOP = 7000000100;
const owner = connectionId(String(SHOP));

describe('Session', () => {
  let installation: Installation;
  let key: LoggedIn;
  let session: OpenedSession | undefined;
  let held: boolean;
  let states: string[];
  let settings: EngineSettings[];
  /** What the newest engine was given. */
  let ports: EnginePorts;
  let peers: Peers;
  let updates: ReturnType<typeof memoryUpdates>;
  /** The store takes writes and answers them after this. */
  let letGo: () => void;

  beforeEach(async () => {
    installation = await openInstallation();
    installation.telegram.world.createBot({ firstName: 'Shop', username: 'shop', token: `${SHOP}:AAx` });
    const step = await startLogin(installation.login, { kind: 'bot', token: `${SHOP}:AAx` }).next();
    if (step.step !== 'done') throw new Error(step.step);
    key = step;
    held = true;
    states = [];
    settings = [];
    peers = memoryPeers();
    updates = memoryUpdates();
    letGo = () => undefined;
  });

  afterEach(async () => {
    letGo();
    await session?.close('drain');
    session = undefined;
    await installation.close();
  });

  async function open(clock = installation.clock): Promise<OpenedSession> {
    session = await openSession(
      {
        openClient: (target) => installation.openClient(target),
        createEngine: (given, itsPorts) => {
          settings.push(given);
          ports = itsPorts;
          return createEngine(given, itsPorts);
        },
        updates,
        peers,
        directory: createPeerDirectory({ peers, sessionOf: () => session }),
        normalise: normaliseUpdate,
        clock,
        log: installation.log,
        random: Math.random,
        onJournaled: () => undefined,
      },
      { owner, key, lease: { fence: 3, holds: () => held }, shared: true },
      ({ state }) => states.push(state),
    );
    return session;
  }

  const live = () => states.at(-1) === 'live';
  const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
    const error = await call.catch((thrown: unknown) => thrown);
    return error instanceof GatewayError ? error.code : error;
  };

  it('C4 connects, catches up and is live, in this order', async () => {
    await open();
    await eventually(live);
    expect(states).to.deep.equal(['connecting', 'catching-up', 'live']);
    expect(settings).to.deep.equal([{ owner, fence: 3, self: SHOP, bot: true, shared: true, layer: 223 }]);
  });

  it('C4 a broken connection is seen and healed', async () => {
    await open();
    await eventually(live);
    installation.telegram.faults.add({ name: 'socket.reset' });
    await eventually(() => states.filter((state) => state === 'live').length === 2);
    expect(states.slice(3)).to.deep.equal(['connecting', 'catching-up', 'live']);
  });

  it('C4 a flood wait that is too long to be waited out is a state', async () => {
    const opened = await open();
    await eventually(live);
    installation.telegram.faults.add({
      name: 'call.flood',
      seconds: 60,
      when: { method: 'users.getUsers' },
      times: 1,
    });
    expect(await codeOf(opened.call({ _: 'users.getUsers', id: [] }))).to.equal('FLOOD_WAIT');
    expect(opened.state()).to.include({ state: 'flood-waiting' });
  });

  it('C6 without its lease it calls nothing', async () => {
    const opened = await open();
    await eventually(live);
    installation.telegram.calls.length = 0;
    held = false;
    expect(await codeOf(opened.call({ _: 'users.getUsers', id: [] }))).to.equal('STALE_FENCE');
    expect(await codeOf(opened.mediaLink())).to.equal('STALE_FENCE');
    expect(installation.telegram.calls.map(({ name }) => name)).not.to.include('users.getUsers');
  });

  for (const how of ['drain', 'cut'] as const) {
    it(`C6 closed (${how}), no socket is left and nothing is called any more`, async () => {
      const opened = await open();
      await eventually(live);
      await opened.close(how);
      await eventually(() => connectionsOf(installation, SHOP) === 0);
      expect(await codeOf(opened.call({ _: 'users.getUsers', id: [] }))).to.equal('TELEGRAM_UNREACHABLE');
    });
  }

  /** A session with a message that its store has taken and does not answer for; time stands still. */
  async function withHangingStore(): Promise<{ opened: OpenedSession; clock: VirtualClock }> {
    const clock = new VirtualClock();
    const opened = await open(clock);
    await eventually(live);
    const answered = new Promise<void>((resolve) => (letGo = resolve));
    let taken = false;
    updates.of(owner).gate = async () => {
      taken = true;
      await answered;
      return 'done';
    };
    const ann = installation.telegram.world.createUser({ firstName: 'Ann' });
    installation.telegram.world.actAs(ann.id).send({ kind: 'user', id: SHOP }, { text: 'hello' });
    await eventually(() => taken);
    return { opened, clock };
  }

  it('C6 a drain keeps the sockets for five seconds at most: the lease must not run out under them', async () => {
    const { opened, clock } = await withHangingStore();
    const closing = opened.close('drain');
    await clock.advance(4_000);
    expect(connectionsOf(installation, SHOP)).to.equal(1);
    await clock.advance(1_000);
    await eventually(() => connectionsOf(installation, SHOP) === 0);
    letGo();
    await closing;
    expect([...updates.of(owner).rows.values()].map(({ kind }) => kind)).to.deep.equal(['new']);
    expect(clock.pending).to.equal(0);
  });

  it('C6 a cut ends a drain that is under way', async () => {
    const { opened } = await withHangingStore();
    const closing = [opened.close('drain'), opened.close('cut')];
    await eventually(() => connectionsOf(installation, SHOP) === 0);
    letGo();
    await Promise.all(closing);
  });

  it('C4 only what Telegram ended is dead: after a bug of ours, or under another holder, the key stays good', async () => {
    const ends = {
      SESSION_DEAD: 'dead',
      STALE_FENCE: 'stale',
      INTERNAL: 'wedged',
    } as const;
    for (const [code, kind] of Object.entries(ends)) {
      const opened = await open();
      ports.onTerminal(new GatewayError(code as ErrorCode, 'x'));
      expect((await opened.ended).kind, code).to.equal(kind);
      await opened.close('cut');
    }
  });

  it('C4 a bot asks for a channel with hash 0 where it has seen it only in its shortened form', async () => {
    await open();
    await eventually(live);
    const group = installation.telegram.world.createGroup({ title: 'Team', creator: SHOP, forum: true });
    const known = { name: 'Team', accessHash: '4711' };
    const asked = async () => {
      installation.telegram.calls.length = 0;
      await ports.api.getChannelState({ id: group.id }).catch(() => undefined);
      const call = installation.telegram.calls.find(({ name }) => name === 'channels.getFullChannel');
      return (call?.request['channel'] as Tl)['access_hash'];
    };
    await peers.save(owner, [{ ...known, peer: peerOf('channel', group.id), min: true }]);
    expect(await asked()).to.equal(0n);
    await peers.save(owner, [{ ...known, peer: peerOf('channel', group.id) }]);
    expect(await asked()).to.equal(4711n);
  });

  it('C4 a session that Telegram has ended says so once, with the reason', async () => {
    const opened = await open();
    await eventually(live);
    installation.telegram.faults.add({ name: 'call.error', code: 401, text: 'SESSION_EXPIRED' });
    expect(await codeOf(opened.call({ _: 'users.getUsers', id: [] }))).to.equal('SESSION_DEAD');
    const end = await opened.ended;
    expect(end.kind === 'dead' && end.error.detail).to.equal('SESSION_EXPIRED');
  });
});
