import { expect } from 'chai';
import { openInstallation } from '../../src/app/installation.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

describe('a connection that was logged out', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    await stage.connectBot();
    // The group goes on serving another connection.
    await stage.connectAccount();
  });
  afterEach(() => stage.close());

  it('M5 an answer that nobody can send any more is told as not delivered, and does not wait for ever', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    await stage.start();
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the first post');

    const installation = await openInstallation(stage.settings, 'join');
    for (const { id, kind } of await installation.store.connections.list())
      if (kind === 'bot') await installation.store.connections.remove(id);
    await installation.close();
    await until(() => stage.telegram.server.authorisations(BigInt(shop.id)).length === 0, 'the logout');

    world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'an answer', topic });
    await until(() => stage.posts(topic).length === 3, 'the sentence');
    expect(stage.posts(topic)[2]).to.match(
      /^⚠️ Not delivered: .*it was logged out.*log the connection in again/,
    );
  });
});
