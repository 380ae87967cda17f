import { expect } from 'chai';
import type { Tl } from '../emulator/types.js';
import type { Media, Message } from '../emulator/world/model.js';
import type { World } from '../emulator/world/world.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

/** Every kind of document by the attribute that makes it one. */
const kinds: Readonly<Record<string, Tl[]>> = {
  document: [{ _: 'documentAttributeFilename', fileName: 'price list.pdf', file_name: 'price list.pdf' }],
  video: [{ _: 'documentAttributeVideo', duration: 3, w: 320, h: 240 }],
  'video note': [{ _: 'documentAttributeVideo', round_message: true, duration: 3, w: 240, h: 240 }],
  audio: [{ _: 'documentAttributeAudio', duration: 60, title: 'Song', performer: 'Band' }],
  voice: [{ _: 'documentAttributeAudio', voice: true, duration: 2 }],
  sticker: [{ _: 'documentAttributeSticker', alt: '👍', stickerset: { _: 'inputStickerSetEmpty' } }],
};

describe('every kind of message', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it('M2 M5 a file of each kind keeps its kind and its bytes, to the topic and to the client', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'files' });
    const topic = await stage.topic('Ann');
    for (const kind of Object.keys(kinds)) {
      world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: '', media: mediumOf(world, kind) });
    }
    const posted = (): Message[] =>
      [...group.box.messages.values()].filter(({ body }) => body.topic === topic && body.media !== undefined);
    await until(() => posted().length === 6, 'six files in the topic');
    expect(posted().map(described)).to.deep.equal(
      Object.keys(kinds).map((kind) => [markOf(kinds[kind]), kind]),
    );

    for (const kind of Object.keys(kinds)) {
      const answer = world
        .actAs(olga)
        .send({ kind: 'channel', id: group.id }, { text: '', media: mediumOf(world, kind), topic });
      await until(() => answer.body.reactions.size > 0, `the mark under the ${kind}`);
    }
    const received = [...ann.box.messages.values()].filter(
      ({ body }) => body.authorId === shop.id && body.media !== undefined,
    );
    expect(received.map(described)).to.deep.equal(
      Object.keys(kinds).map((kind) => [markOf(kinds[kind]), kind]),
    );
  }).timeout(40_000);

  it('M2 formatted text keeps its entities both ways, and what cannot be carried is named', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const entities: Tl[] = [
      { _: 'messageEntityBold', offset: 0, length: 4 },
      { _: 'messageEntityTextUrl', offset: 5, length: 4, url: 'https://example.org/' },
      { _: 'messageEntitySpoiler', offset: 10, length: 6 },
    ];
    const text = 'bold link secret';
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text, entities });
    const geo: Tl = { _: 'messageMediaGeo', geo: { _: 'geoPoint', long: 13.4, lat: 52.5, access_hash: 1n } };
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: '', media: { kind: 'plain', tl: geo } });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 2, 'two posts');
    const post = [...group.box.messages.values()].find(({ body }) => body.text === text);
    expect(post?.body.entities.map(shape)).to.deep.equal(entities.map(shape));
    expect(stage.posts(topic)[1]).to.equal('📎 location\n52.500000, 13.400000');
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text, entities, topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    const received = [...ann.box.messages.values()].at(-1);
    expect(received?.body.entities.map(shape)).to.deep.equal(entities.map(shape));
  });
});

function mediumOf(world: World, kind: string): Media {
  const file = world.files.document([Buffer.from(kind)], {
    mimeType: 'application/octet-stream',
    attributes: kinds[kind] ?? [],
  });
  return { kind: 'document', file };
}

/** The attribute that makes the kind, and the bytes. */
function described({ body }: Message): [string, string] {
  if (body.media?.kind !== 'document') return ['', ''];
  return [markOf(body.media.file.attributes), Buffer.concat(body.media.file.chunks).toString()];
}

function markOf(attributes: readonly Tl[] = []): string {
  const made = attributes.find(({ _ }) => /Video|Audio|Sticker/.test(_));
  if (made === undefined) return 'file';
  return `${made._}${made['voice'] === true ? ' voice' : ''}${made['round_message'] === true ? ' round' : ''}`;
}

function shape({ _, offset, length }: Tl): string {
  return `${_} ${Number(offset)}+${Number(length)}`;
}
