import { expect } from 'chai';
import { connectionId } from '../../../src/domain/ids.js';
import { startLogin } from '../../../src/telegram/login/login.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { openSession, type OpenedSession } from '../../../src/telegram/session/session.js';
import { createEngine } from '../../../src/telegram/updates/engine.js';
import type { UpdateEngine } from '../../../src/telegram/updates/ports.js';
import { until } from '../../walks/until.js';
import { memoryPeers, memoryUpdates } from '../fleet/memory-rows.js';
import { openInstallation, type Installation } from '../login/installation.js';

const SHOP = 7000000100;
const owner = connectionId(String(SHOP));
const messages = 5000;
/** The engine's own limit, in items and commits, and what one packet may bring beyond it. */
const held = 5000 + 200;

describe('a store that hangs, over TCP', function () {
  this.timeout(120_000);
  let installation: Installation;
  let session: OpenedSession | undefined;

  beforeEach(async () => {
    installation = await openInstallation();
  });
  afterEach(async () => {
    await session?.close('cut');
    session = undefined;
    await installation.close();
  });

  it('I14 M1 the link stops reading instead of filling the memory, and goes on where it stopped', async () => {
    const { world } = installation.telegram;
    const ann = world.createUser({ firstName: 'Ann' });
    world.createBot({ firstName: 'Shop', username: 'shop', token: `${SHOP}:AAx` });
    const key = await startLogin(installation.login, { kind: 'bot', token: `${SHOP}:AAx` }).next();
    if (key.step !== 'done') throw new Error(key.step);
    const updates = memoryUpdates();
    const store = updates.of(owner);
    const reading: string[] = [];
    const engines: UpdateEngine[] = [];
    const peers = memoryPeers();
    session = await openSession(
      {
        openClient: (target) => installation.openClient(target),
        createEngine: (settings, ports) => {
          const watched = {
            pause: () => {
              reading.push('pause');
              ports.reading.pause();
            },
            resume: () => {
              reading.push('resume');
              ports.reading.resume();
            },
          };
          const made = createEngine(settings, { ...ports, reading: watched });
          engines.push(made);
          return made;
        },
        updates,
        peers,
        directory: createPeerDirectory({ peers, sessionOf: () => session }),
        normalise: normaliseUpdate,
        clock: installation.clock,
        log: installation.log,
        random: Math.random,
        onJournaled: () => undefined,
      },
      { owner, key, lease: { fence: 3, holds: () => true }, shared: false },
      () => undefined,
    );
    await session.started;
    await until(() => store.state !== undefined, 'the first difference');

    let release: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (release = resolve));
    store.gate = async () => {
      await opened;
      return 'done';
    };
    let most = 0;
    const look = () => {
      const { unconfirmed, waiting } = engines[0]!.health();
      most = Math.max(most, unconfirmed + waiting);
    };
    for (let sent = 0; sent < messages; sent += 1) {
      world.actAs(ann.id).send({ kind: 'user', id: SHOP }, { text: `m${sent}` });
      if (sent % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
      look();
    }
    await until(() => reading.length > 0, 'the engine stop reading', 60_000);
    // Whatever still comes, comes to the socket: the count does not move any more.
    const { unconfirmed } = engines[0]!.health();
    await installation.clock.sleep(500);
    look();
    expect([reading, engines[0]!.health().unconfirmed]).to.deep.equal([['pause'], unconfirmed]);
    expect(most).to.be.below(held);
    expect(store.rows.size).to.equal(0);

    release();
    store.gate = async () => 'done';
    await until(() => store.rows.size >= messages, 'every message', 60_000);
    const ids = [...store.rows.values()].toSorted((a, b) => a.ord - b.ord).map(({ msgId }) => msgId ?? 0);
    expect(ids).to.deep.equal([...new Set(ids)].toSorted((a, b) => a - b));
    expect(ids.length).to.equal(messages);
    expect([engines.length, reading.at(-1)]).to.deep.equal([1, 'resume']);
    expect(installation.lines.filter((line) => line.includes('link-down'))).to.deep.equal([]);
  });
});
