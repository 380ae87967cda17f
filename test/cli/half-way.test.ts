import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { storeConnection } from '../../src/app/connect.js';
import { openInstallation, type Installation } from '../../src/app/installation.js';
import { readSettings } from '../../src/config/settings.js';
import { GatewayError } from '../../src/domain/errors.js';
import { peerOf } from '../../src/domain/ids.js';
import type { LoggedIn } from '../../src/telegram/login/login.js';
import { openPlace, rowsIn, type Place } from './place.js';

describe('A store that fails in the middle of a login', () => {
  let place: Place;
  let installation: Installation;
  let directory: string;
  beforeEach(async () => {
    place = await openPlace();
    const settings = readSettings(place.env());
    directory = settings.config.dataDir;
    installation = await openInstallation(settings, 'own');
  });
  afterEach(async () => {
    await installation.close();
    await place.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const who = (key: number): LoggedIn => ({
    step: 'done',
    userId: '7000000100',
    name: 'Shop',
    kind: 'bot',
    authKey: new Uint8Array(256).fill(key),
    dc: 2,
    counters: { pts: 1, qts: 0, seq: 1, date: 1 },
  });
  const group = peerOf('channel', '2000000001');

  /** The row, written last, does not get in. */
  function failing(): Installation {
    const put = () => Promise.reject(new GatewayError('MONGODB_UNREACHABLE', 'gone'));
    const { store } = installation;
    return { ...installation, store: { ...store, connections: { ...store.connections, put } } };
  }

  const failed = (key: number) =>
    storeConnection(failing(), who(key), group, 1).then(
      () => 'stored',
      (error: unknown) => (error instanceof GatewayError ? error.code : 'another error'),
    );

  it('C1 a first login leaves neither key nor row', async () => {
    expect(await failed(1)).to.equal('MONGODB_UNREACHABLE');
    expect(await rowsIn(directory)).to.deep.equal({ connections: [], sessions: [] });
  });

  it('C3 a second login leaves the first one as it was', async () => {
    const { id } = await storeConnection(installation, who(1), group, 1);
    const before = await installation.store.sessions.load(id);
    expect(await failed(2)).to.equal('MONGODB_UNREACHABLE');
    expect(await installation.store.sessions.load(id)).to.equal(before);
  });
});
