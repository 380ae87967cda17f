import { expect } from 'chai';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('a gateway that stops and starts', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('C5 O4 a restart in the middle loses and repeats nothing', async () => {
    const { world } = stage.telegram;
    const { ann, bob, shop } = stage.cast;
    const say = (n: number): void => {
      for (const client of [ann, bob])
        world.actAs(client).send({ kind: 'user', id: shop.id }, { text: `message ${n}` });
      world.actAs(shop).send({ kind: 'user', id: ann.id }, { text: `reply ${n}` });
    };
    for (let n = 1; n <= 10; n++) say(n);
    await stage.stop();
    for (let n = 11; n <= 20; n++) say(n);
    await stage.start();
    for (let n = 21; n <= 30; n++) say(n);
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    const [annTopic, bobTopic] = [await stage.topic('Ann'), await stage.topic('Bob')];
    await until(() => stage.posts(annTopic).length >= 60 && stage.posts(bobTopic).length >= 30, 'all posts');
    expect(stage.posts(annTopic)).to.deep.equal(numbers.flatMap((n) => [`message ${n}`, `🤖 reply ${n}`]));
    expect(stage.posts(bobTopic)).to.deep.equal(numbers.map((n) => `message ${n}`));
  });

  it('M5 an operator who answers while the gateway is away is not forgotten', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the question');
    await stage.stop();
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'Here.', topic });
    await stage.start();
    await until(() => answer.body.reactions.size > 0, 'the mark');
    expect([...ann.box.messages.values()].map(({ body }) => body.text)).to.deep.equal(['hello?', 'Here.']);
  });
});
