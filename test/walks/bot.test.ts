import { expect } from 'chai';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('a bot beside its program', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('M1 every message of both sides stands in the topic once and in order', async () => {
    const { world } = stage.telegram;
    const { ann, shop } = stage.cast;
    for (let turn = 1; turn <= 5; turn++) {
      world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: `question ${turn}` });
      world.actAs(shop).send({ kind: 'user', id: ann.id }, { text: `answer ${turn}` });
    }
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 10, 'ten posts');
    expect(stage.posts(topic)).to.deep.equal(
      [1, 2, 3, 4, 5].flatMap((turn) => [`question ${turn}`, `🤖 answer ${turn}`]),
    );
  });

  it('M5 an operator answers from the topic, the client gets it once and the operator sees the mark', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the question');
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'We are here.', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    const received = [...ann.box.messages.values()].map(({ body }) => body.text);
    expect(received).to.deep.equal(['hello?', 'We are here.']);
    expect(stage.posts(topic)).to.deep.equal(['hello?', 'We are here.']);
  });
});
