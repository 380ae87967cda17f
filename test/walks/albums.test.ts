import { expect } from 'chai';
import type { Media, Message } from '../emulator/world/model.js';
import type { World } from '../emulator/world/world.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('albums and replies', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('M2 an album of the client stays one album in the topic, between the texts around it', async () => {
    const { world } = stage.telegram;
    const { ann, shop } = stage.cast;
    const there = { kind: 'user' as const, id: shop.id };
    world.actAs(ann).send(there, { text: 'look' });
    world.actAs(ann).sendAlbum(
      there,
      [1, 2, 3].map((n) => ({ text: n === 1 ? 'three' : '', media: photo(world, n) })),
    );
    world.actAs(ann).send(there, { text: 'nice?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 5, 'the album');
    expect(stage.posts(topic)).to.deep.equal(['look', '[photo] three', '[photo]', '[photo]', 'nice?']);
    expect(groupsOf([...stage.cast.group.box.messages.values()])).to.deep.equal([3]);
  });

  it('M2 an item that Telegram does not take costs neither its words nor the rest of the album', async () => {
    const { world, faults } = stage.telegram;
    const { ann, shop } = stage.cast;
    const when = { method: 'messages.uploadMedia' };
    faults.add({ name: 'call.error', code: 400, text: 'PHOTO_INVALID_DIMENSIONS', when, times: 1 });
    world.actAs(ann).sendAlbum(
      { kind: 'user', id: shop.id },
      ['one', 'two', 'three'].map((text, n) => ({ text, media: photo(world, n) })),
    );
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 3, 'the album');
    expect(stage.posts(topic)).to.deep.equal([
      '📎 photo (photo invalid dimensions)\none',
      '[photo] two',
      '[photo] three',
    ]);
    expect(groupsOf([...stage.cast.group.box.messages.values()])).to.deep.equal([2]);
  });

  it('M5 an album of the operator reaches the client as one album', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'pictures?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the question');
    const drafts = [1, 2].map((n) => ({ text: `number ${n}`, media: photo(world, n), topic }));
    const sent = world.actAs(olga).sendAlbum({ kind: 'channel', id: group.id }, drafts);
    await until(() => sent.some(({ body }) => body.reactions.size > 0), 'the mark');
    const received = [...ann.box.messages.values()];
    expect(received.map(({ body }) => body.text)).to.deep.equal(['pictures?', 'number 1', 'number 2']);
    expect(groupsOf(received)).to.deep.equal([2]);
  });

  it('M2 replies point at the twin, in both directions', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const asked = world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'size?' });
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'colour?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 2, 'the questions');
    const post = [...group.box.messages.values()].find(({ body }) => body.text === 'size?');
    const answer = world
      .actAs(olga)
      .send({ kind: 'channel', id: group.id }, { text: 'XL', topic, replyTo: { id: post?.id ?? 0 } });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    const received = [...ann.box.messages.values()].find(({ body }) => body.text === 'XL');
    expect(received?.body.reply?.to).to.equal(asked.body);
    world
      .actAs(ann)
      .send({ kind: 'user', id: shop.id }, { text: 'thanks', replyTo: { id: received?.id ?? 0 } });
    await until(() => stage.posts(topic).length === 4, 'the thanks');
    const thanks = [...group.box.messages.values()].find(({ body }) => body.text === 'thanks');
    expect(thanks?.body.reply?.to).to.equal(answer.body);
  });

  it('M5 a client who has blocked the bot: the operator reads why it was not delivered', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'bye' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the message');
    world.actAs(ann).block(shop.id);
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'wait!', topic });
    await until(() => stage.posts(topic).length === 3, 'the sentence');
    const notice = [...group.box.messages.values()].at(-1);
    expect(notice?.body.text).to.equal(
      '⚠️ Not delivered: The client has blocked this bot or account; the message was not delivered.',
    );
    expect(notice?.body.reply?.to).to.equal(answer.body);
  });
});

function photo(world: World, n: number): Media {
  return { kind: 'photo', file: world.files.photo([Buffer.from(`picture ${n}`)]) };
}

/** Sizes of the albums among these messages, in order. */
function groupsOf(messages: Message[]): number[] {
  const groups = new Map<bigint, number>();
  for (const { body } of messages) {
    if (body.groupedId !== undefined) groups.set(body.groupedId, (groups.get(body.groupedId) ?? 0) + 1);
  }
  return [...groups.values()];
}
