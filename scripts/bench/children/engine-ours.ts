/** Our link and update engine as a session runs them: decoded, ordered, normalised and durable in the journal before an update counts as heard. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionId } from '../../../src/domain/ids.js';
import { openEmbeddedStore } from '../../../src/embedded/index.js';
import { openStore } from '../../../src/mongo/open.js';
import type { Peers } from '../../../src/ports/store.js';
import type { JournalRow, UpdateStore } from '../../../src/ports/updates.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { createClient } from '../../../src/telegram/rpc/client.js';
import { openSession, type OpenedSession } from '../../../src/telegram/session/session.js';
import { createEngine } from '../../../src/telegram/updates/engine.js';
import { silentLog } from '../../../test/support/silent-log.js';
import { serveLink, type Contestant } from './link-bench.js';

interface Rows {
  readonly updates: UpdateStore;
  readonly peers: Peers;
}

serveLink(async ({ host, port, dc, publicKeyPem, authKey, userId }): Promise<Contestant> => {
  const rows = process.env['BENCH_STORE'] === 'embedded' ? await embeddedRows() : memoryRows();
  let heard: () => void = () => undefined;
  const { peers } = rows;
  const counted: UpdateStore = {
    ...rows.updates,
    append: async (owner, fence, list) => {
      await rows.updates.append(owner, fence, list);
      for (const _ of list) heard();
    },
  };
  const owner = connectionId(userId);
  const key = { dc, authKey: Buffer.from(authKey, 'base64'), kind: 'bot' as const, userId };
  const session: OpenedSession = await openSession(
    {
      openClient: (target) =>
        createClient({
          ...target,
          server: { kind: 'custom', host, port, publicKeyPem },
          identity: { apiId: 1, apiHash: 'hash', deviceModel: 'bench', appVersion: '1' },
          clock: systemClock,
          log: silentLog,
        }),
      createEngine,
      updates: counted,
      peers,
      directory: createPeerDirectory({ peers, sessionOf: () => undefined }),
      normalise: normaliseUpdate,
      clock: systemClock,
      log: silentLog,
      random: Math.random,
      onJournaled: () => undefined,
    },
    { owner, key, lease: { fence: 1, holds: () => true }, shared: false },
    () => undefined,
  );
  await session.started;
  await session.resync();
  return { onUpdate: (listener) => (heard = listener) };
});

/** The least that keeps the contract: what remains is the engine. */
function memoryRows(): Rows {
  const journal = new Map<string, JournalRow>();
  const none = async () => undefined;
  const updates: UpdateStore = {
    load: none,
    append: async (_owner, _fence, list) => {
      for (const row of list) if (!journal.has(row._id)) journal.set(row._id, row);
    },
    advance: none,
    recordHole: none,
    loseHole: none,
    closeHole: none,
    countOpenHoles: async () => 0,
  };
  return { updates, peers: { save: none, get: none } };
}

async function embeddedRows(): Promise<Rows> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-engine-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  process.once('SIGTERM', () => process.exit(0));
  const { url } = await openEmbeddedStore({ directory });
  return openStore(url);
}
