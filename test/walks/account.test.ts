import { expect } from 'chai';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('a personal account used from its own phone', () => {
  let stage: Stage;
  withStage('account', (opened) => (stage = opened));

  it('M1 C2 what the client and the owner write stands in the topic once and in order', async () => {
    const { world } = stage.telegram;
    const { ann, max } = stage.cast;
    for (let turn = 1; turn <= 4; turn++) {
      world.actAs(ann).send({ kind: 'user', id: max.id }, { text: `question ${turn}` });
      world.actAs(max).send({ kind: 'user', id: ann.id }, { text: `answer ${turn}` });
    }
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 8, 'eight posts');
    expect(stage.posts(topic)).to.deep.equal(
      [1, 2, 3, 4].flatMap((turn) => [`question ${turn}`, `📱 answer ${turn}`]),
    );
  });

  it('M5 M6 an operator answers through the account and the answer does not echo', async () => {
    const { world } = stage.telegram;
    const { ann, olga, max, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: max.id }, { text: 'hello?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the question');
    const answer = world
      .actAs(olga)
      .send({ kind: 'channel', id: group.id }, { text: 'Max is away, we help.', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    world.actAs(max).send({ kind: 'user', id: ann.id }, { text: 'I am back' });
    await until(() => stage.posts(topic).includes('📱 I am back'), 'the owner');
    expect(stage.posts(topic)).to.deep.equal(['hello?', 'Max is away, we help.', '📱 I am back']);
    expect([...ann.box.messages.values()].map(({ body }) => body.text)).to.deep.equal([
      'hello?',
      'Max is away, we help.',
      'I am back',
    ]);
  });
});
