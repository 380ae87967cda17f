import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { connectionId, dialogId, peerOf } from '../../src/domain/ids.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../src/embedded/index.js';
import { openStore, type OpenedStore } from '../../src/mongo/open.js';
import { scratchDirectory } from '../support/scratch.js';

describe('dialogs in the database', () => {
  const directory = scratchDirectory();
  const group = peerOf('channel', 5);
  const other = peerOf('channel', 6);
  const connection = connectionId('1');
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

  async function newDialog() {
    const peer = peerOf('user', ++people);
    const id = dialogId(connection, peer);
    return store.dialogs.ensure({ id, connection, peer, group, topic: { state: 'none' }, createdAt: 0 });
  }

  it('T1 M5 what an operator wrote in a topic just before its deletion still finds its dialog', async () => {
    const { dialogs } = store;
    const { id } = await newDialog();
    for (const topic of [10, 11]) {
      await dialogs.claimTopic(id, `${topic}`);
      await dialogs.openTopic(id, `${topic}`, topic);
      await dialogs.forgetTopic(id, group, topic);
      await dialogs.forgetTopic(id, group, topic);
    }
    expect((await dialogs.byTopic(group, 10))?.id).to.equal(id);
    expect((await dialogs.byTopic(group, 11))?.formerPlaces).to.deep.equal(['channel:5/10', 'channel:5/11']);
    expect(await dialogs.byTopic(group, 12)).to.equal(undefined);
  });

  it('C3 a dialog that moves to another group is found by the topics of either, never by a number alone', async () => {
    const { dialogs } = store;
    const { id } = await newDialog();
    await dialogs.claimTopic(id, '20');
    const open = await dialogs.openTopic(id, '20', 20);
    await dialogs.move(open, other);
    expect(await dialogs.byTopic(other, 20)).to.equal(undefined);
    expect(await dialogs.byTopic(group, 20)).to.deep.include({ id, group: other, topic: { state: 'none' } });
    await dialogs.claimTopic(id, '30');
    await dialogs.openTopic(id, '30', 30);
    await dialogs.forgetTopic(id, group, 30);
    expect((await dialogs.byTopic(other, 30))?.topic).to.deep.include({ state: 'open', id: 30 });
  });

  it('C3 T1 a dialog whose topic has changed since it was read is not moved, so that the topic is not forgotten', async () => {
    const { dialogs } = store;
    const read = await newDialog();
    await dialogs.claimTopic(read.id, '40');
    const claimed = await dialogs.get(read.id);
    await dialogs.move(read, other);
    expect(await dialogs.get(read.id)).to.deep.equal(claimed);
    const open = await dialogs.openTopic(read.id, '40', 40);
    if (claimed !== undefined) await dialogs.move(claimed, other);
    expect(await dialogs.get(read.id)).to.deep.equal(open);
  });
});
