import { expect } from 'chai';
import type { Message } from '../emulator/world/model.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('files in a dialog', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('M1 M5 a photo goes both ways, and the words behind it wait their turn', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const bytes = Buffer.alloc(3000, 7);
    const media = { kind: 'photo' as const, file: world.files.photo([bytes]) };
    const toShop = { kind: 'user' as const, id: shop.id };
    world.actAs(ann).send(toShop, { text: 'look', media });
    world.actAs(ann).send(toShop, { text: 'and tell me' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 2, 'the photo and the words');
    expect(stage.posts(topic)).to.deep.equal(['[photo] look', 'and tell me']);

    const there = { kind: 'channel' as const, id: group.id };
    world.actAs(olga).send(there, { text: 'like this', media, topic });
    const last = world.actAs(olga).send(there, { text: 'good?', topic });
    await until(() => last.body.reactions.size > 0, 'the mark');
    const received = [...ann.box.messages.values()].slice(2);
    expect(received.map(({ body }) => body.text)).to.deep.equal(['like this', 'good?']);
    expect(bytesOf(received[0])).to.deep.equal(bytes);
  });
});

function bytesOf(message: Message | undefined): Buffer | undefined {
  const media = message?.body.media;
  return media === undefined || media.kind === 'plain' ? undefined : Buffer.concat(media.file.chunks);
}
