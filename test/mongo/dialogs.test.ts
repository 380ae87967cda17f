import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { connectionId, dialogId, peerOf } from '../../src/domain/ids.js';
import { openEmbeddedStore } from '../../src/embedded/index.js';
import { openStore } from '../../src/mongo/open.js';
import { scratchDirectory } from '../support/scratch.js';

describe('dialogs in the database', () => {
  it('T1 M5 what an operator wrote in a topic just before its deletion still finds its dialog', async () => {
    const directory = scratchDirectory();
    const embedded = await openEmbeddedStore({ directory });
    const store = await openStore(embedded.url);
    const { dialogs } = store;
    try {
      const group = peerOf('channel', 5);
      const peer = peerOf('user', 7);
      const connection = connectionId('1');
      const id = dialogId(connection, peer);
      await dialogs.ensure({ id, connection, peer, group, topic: { state: 'none' }, createdAt: 0 });
      for (const topic of [10, 11]) {
        await dialogs.claimTopic(id, `${topic}`);
        await dialogs.openTopic(id, `${topic}`, topic);
        await dialogs.forgetTopic(id, topic);
        await dialogs.forgetTopic(id, topic);
      }
      expect((await dialogs.byTopic(group, 10))?.id).to.equal(id);
      expect((await dialogs.byTopic(group, 11))?.formerTopics).to.deep.equal([10, 11]);
      expect(await dialogs.byTopic(group, 12)).to.equal(undefined);
    } finally {
      await store.close();
      await embedded.close();
      rmSync(directory, { recursive: true });
    }
  });
});
