import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { GatewayError } from '../../../src/domain/errors.js';
import { connectionId } from '../../../src/domain/ids.js';
import { createKeyRing } from '../../../src/runtime/keyring.js';
import { createSessionKeys, type SessionKey } from '../../../src/telegram/session/key.js';
import { memorySessions } from '../fleet/memory-rows.js';

const owner = connectionId('7000000100');
const other = connectionId('7000000101');
const key: SessionKey = { dc: 4, authKey: randomBytes(256), userId: '7000000100', kind: 'account' };

describe('Session keys at rest', () => {
  const ring = () => createKeyRing([{ kid: 'k1', bytes: randomBytes(32) }]);

  it('V1 come back as they were, and the row shows nothing of them', async () => {
    const sessions = memorySessions();
    const keys = createSessionKeys(sessions, ring());
    await keys.save(owner, key);
    expect(await keys.load(owner)).to.deep.equal(key);
    const row = sessions.rows.get(owner) ?? '';
    expect(row).not.to.include(Buffer.from(key.authKey).toString('base64').slice(0, 16));
    expect(row).not.to.include(key.userId);
  });

  it('V1 do not open under another key ring', async () => {
    const sessions = memorySessions();
    await createSessionKeys(sessions, ring()).save(owner, key);
    await refused(createSessionKeys(sessions, ring()).load(owner));
  });

  it('V1 do not open in the row of another owner', async () => {
    const sessions = memorySessions();
    const keys = createSessionKeys(sessions, ring());
    await keys.save(owner, key);
    await sessions.save(other, sessions.rows.get(owner) ?? '');
    await refused(keys.load(other));
  });

  it('V1 a text of another shape is refused without being quoted', async () => {
    const keyring = ring();
    const sessions = memorySessions();
    await sessions.save(owner, keyring.seal(Buffer.from('{"secret":"of somebody else"'), owner));
    expect(await refused(createSessionKeys(sessions, keyring).load(owner))).not.to.include('secret');
  });

  it('C4 the mark of a row changes with every login, also with the same key', async () => {
    const keys = createSessionKeys(memorySessions(), ring());
    await keys.save(owner, key);
    const first = await keys.mark(owner);
    await keys.save(owner, key);
    expect(await keys.mark(owner)).not.to.equal(first);
  });
});

async function refused(loading: Promise<unknown>): Promise<string> {
  const error = await loading.catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(GatewayError).with.property('code', 'KEY_WRONG');
  return (error as GatewayError).message;
}
