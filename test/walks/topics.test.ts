import { expect } from 'chai';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('topics', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('T1 two first messages at once make one topic', async () => {
    const { world } = stage.telegram;
    const { ann, shop } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'one' });
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'two' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 2, 'both');
    expect(stage.posts(topic)).to.deep.equal(['one', 'two']);
    expect([...stage.cast.group.topics.values()].map(({ title }) => title)).to.deep.equal(['General', 'Ann']);
  });

  it('T4 the first post shows who the client is', async () => {
    const { world } = stage.telegram;
    const { ann, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: '/start ads_2026' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 1, 'the message');
    const card = [...group.box.messages.values()].find(
      ({ body }) => body.topic === topic && body.action === undefined,
    );
    expect(card?.body.text.split('\n')).to.deep.equal([
      '👤 Ann',
      `@ann · id ${ann.id}`,
      'start: ads_2026',
      'via 🤖 Shop (@shop_bot)',
    ]);
  });

  it('T1 a topic deleted by hand is made again and the message still arrives', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'one' });
    const first = await stage.topic('Ann');
    await until(() => stage.posts(first).length === 1, 'the first');
    world.actAs(olga).deleteTopic(group.id, first);
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'two' });
    const second = await until(
      () => [...group.topics.values()].find(({ title, id }) => title === 'Ann' && id !== first)?.id,
      'a new topic',
    );
    await until(() => stage.posts(second).length === 1, 'the second');
    expect(stage.posts(second)).to.deep.equal(['two']);
  });

  it('T5 D1 General, topics of the team, comments and unknown commands reach no client', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello?' });
    const topic = await stage.topic('Ann');
    const operator = world.actAs(olga);
    const team = operator.createTopic(group.id, { title: 'Lunch' });
    const there = { kind: 'channel' as const, id: group.id };
    operator.send(there, { text: 'in General' });
    operator.send(there, { text: 'pizza', topic: team.id });
    operator.send(there, { text: '/ he is a friend', topic });
    operator.send(there, { text: '/clsoe', topic });
    const answer = operator.send(there, { text: 'an answer', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    await until(() => stage.posts(topic).some((post) => post.includes('command is not known')), 'the help');
    expect([...ann.box.messages.values()].map(({ body }) => body.text)).to.deep.equal([
      'hello?',
      'an answer',
    ]);
  });
});
