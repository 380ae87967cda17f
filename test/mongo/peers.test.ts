import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { connectionId, peerOf } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import type { KnownPeer } from '../../src/ports/store.js';
import { scratchDirectory } from '../support/scratch.js';

describe('peers in the database', () => {
  const directory = scratchDirectory();
  const owner = connectionId('1');
  let embedded: EmbeddedStore;
  let store: OpenedStore;
  let people = 0;
  before(async () => {
    embedded = await openEmbeddedStore({ directory });
    store = await openStore(embedded.url);
  });
  after(async () => {
    await store.close();
    await embedded.close();
    rmSync(directory, { recursive: true });
  });

  /** One peer, met in these forms one after the other. */
  async function met(...forms: Omit<KnownPeer, 'peer'>[]): Promise<KnownPeer | undefined> {
    const peer = peerOf('user', ++people);
    for (const form of forms) await store.peers.save(owner, [{ ...form, peer }]);
    return store.peers.get(owner, peer);
  }

  it('I11 a min peer fills an empty row and leaves a full one as it is', async () => {
    const min = { name: 'A', accessHash: '1', min: true };
    expect(await met(min)).to.deep.include(min);
    const row = await met({ name: 'Ann', accessHash: '2' }, min);
    expect(row).to.deep.include({ name: 'Ann', accessHash: '2' }).and.not.have.property('min');
  });

  it('I11 a full peer without a hash does not make the hash of a min one good for sending', async () => {
    const row = await met({ name: 'A', accessHash: '1', min: true }, { name: 'Ann' });
    expect(row).to.deep.include({ name: 'Ann' }).and.not.have.any.keys('accessHash', 'min');
  });

  it('I11 a full peer without a hash keeps the full hash that is there, and a later one may bring it', async () => {
    expect(await met({ name: 'Ann', accessHash: '2' }, { name: 'Anna' })).to.deep.include({
      name: 'Anna',
      accessHash: '2',
    });
    expect(await met({ name: 'Ann' }, { name: 'Anna', accessHash: '3' })).to.deep.include({
      accessHash: '3',
    });
  });

  it('I11 several peers are saved together, each by its own form', async () => {
    const [ann, bob] = [peerOf('user', ++people), peerOf('user', ++people)];
    await store.peers.save(owner, [
      { peer: ann, name: 'A', accessHash: '1', min: true },
      { peer: bob, name: 'B', accessHash: '2', min: true },
    ]);
    await store.peers.save(owner, [
      { peer: ann, name: 'Ann' },
      { peer: bob, name: 'Bob', accessHash: '3' },
    ]);
    expect(await store.peers.get(owner, ann)).to.deep.equal({ peer: ann, name: 'Ann' });
    expect(await store.peers.get(owner, bob)).to.deep.equal({ peer: bob, name: 'Bob', accessHash: '3' });
  });
});
