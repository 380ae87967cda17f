import { expect } from 'chai';

import { plain, type Content } from '../../../src/domain/content.js';
import type { MessageEvent } from '../../../src/domain/event.js';
import { peerOf } from '../../../src/domain/ids.js';
import type { OutgoingPart } from '../../../src/ports/telegram.js';
import { createGroupCheck } from '../../../src/telegram/peers/group-check.js';
import type { Draft } from '../../emulator/world/actor.js';
import type { Media } from '../../emulator/world/model.js';
import type { Tl } from '../../emulator/types.js';
import { codeOf } from './code-of.js';
import { LocalSetting } from './local-telegram.js';

/** Small content that is told apart. */
const bytesOf = (name: string): Buffer => Buffer.from(`content of ${name}`);

describe('outgoing: on the local Telegram', () => {
  let at: LocalSetting;
  let nextRandomId: number;

  beforeEach(async () => {
    at = new LocalSetting();
    nextRandomId = 1000;
    await at.open();
  });
  afterEach(() => at.close());

  const randomId = (): string => String((nextRandomId += 1));
  const topicNamed = (title: string): Promise<number> =>
    at.sender.createTopic({ owner: at.desk, group: at.group, title, randomId: randomId() });
  const copy = (event: MessageEvent): OutgoingPart => ({
    content: event.content,
    randomId: randomId(),
    source: { owner: event.owner, peer: event.peer, msgId: event.msgId },
  });
  const post = (topic: number, parts: OutgoingPart[], replyTo?: number): Promise<number[]> =>
    at.sender.send({
      owner: at.desk,
      peer: at.group,
      topic,
      parts,
      ...(replyTo === undefined ? {} : { replyTo }),
    });
  const annWrites = async (draft: Draft): Promise<MessageEvent> => {
    at.world.actAs(at.ann).send({ kind: 'user', id: at.bot.id }, draft);
    return at.message(at.owner);
  };

  it('T1 the group is checked and a topic made once, also when the creation is repeated', async () => {
    const group = createGroupCheck(at.directory);
    expect(await group.checkGroup(at.desk, at.group)).to.equal('Support');
    const request = { owner: at.desk, group: at.group, title: 'Ann', randomId: '5' };
    const topic = await at.sender.createTopic(request);
    expect(at.forum.topics.get(topic)?.title).to.equal('Ann');
    expect(await codeOf(at.sender.createTopic(request))).to.equal('ALREADY_SENT');
    expect(at.forum.topics.size).to.equal(2);
  });

  it('M1 M2 a client’s formatted text stands once in the topic, as it was written', async () => {
    const topic = await topicNamed('Ann');
    const event = await annWrites({
      text: 'bold and https://a.example',
      entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }],
    });
    expect(event).to.include({ author: at.client, out: false, authorIsBot: false });
    const part = copy(event);
    const [id] = await post(topic, [part]);
    expect(await codeOf(post(topic, [part]))).to.equal('ALREADY_SENT');
    const posts = at.posts(topic);
    expect(posts.map((message) => message.id)).to.deep.equal([id]);
    expect(posts[0]?.body.text).to.equal('bold and https://a.example');
    expect(posts[0]?.body.entities.map(({ _ }) => _)).to.have.members([
      'messageEntityBold',
      'messageEntityUrl',
    ]);
  });

  it('M1 a post whose answer is lost with the connection stands once, and the repeat says so', async () => {
    const topic = await topicNamed('Ann');
    at.telegram.faults.add({ name: 'call.close-after', when: { method: 'messages.sendMessage' }, times: 1 });
    const part = { content: { text: plain('once') }, randomId: randomId() };
    expect(await codeOf(post(topic, [part]))).to.equal('ALREADY_SENT');
    expect(at.posts(topic).map(({ body }) => body.text)).to.deep.equal(['once']);
  });

  it('M5 an operator’s reply in the topic reaches the client as a reply', async () => {
    const topic = await topicNamed('Ann');
    const asked = await annWrites({ text: 'How much?' });
    const [postId] = await post(topic, [copy(asked)]);
    at.world
      .actAs(at.olga)
      .send({ kind: 'channel', id: at.forum.id }, { text: '5 €', replyTo: { id: postId! }, topic });
    const answer = await at.message(at.desk);
    expect(answer).to.include({ topic, replyTo: postId, author: peerOf('user', at.olga.id) });
    const [answerId] = await at.sender.send({
      owner: at.owner,
      peer: at.client,
      replyTo: asked.msgId,
      parts: [copy(answer)],
    });
    const seen = [...at.bot.box.messages.values()].find(({ id }) => id === answerId);
    expect(seen?.body.text).to.equal('5 €');
    expect(seen?.body.reply?.to.text).to.equal('How much?');
    await at.sender.react({ owner: at.desk, peer: at.group, msgId: answer.msgId, emoji: '👌' });
    const marked = at.forum.box.messages.get(answer.msgId)?.body.reactions.get(at.deskBot.id);
    expect(JSON.stringify(marked)).to.contain('👌');
  });

  it('T1 M5 a deleted topic and a client who has stopped the bot are told by their codes', async () => {
    const topic = await topicNamed('Ann');
    await annWrites({ text: 'Hi' });
    at.world.actAs(at.olga).deleteTopic(at.forum.id, topic);
    const part = { content: { text: plain('late') }, randomId: randomId() };
    expect(await codeOf(post(topic, [part]))).to.equal('TOPIC_GONE');
    at.world.actAs(at.ann).block(at.bot.id);
    const sending = at.sender.send({ owner: at.owner, peer: at.client, parts: [part] });
    expect(await codeOf(sending)).to.equal('CLIENT_BLOCKED');
    expect(
      await codeOf(at.sender.send({ owner: at.owner, peer: peerOf('user', at.olga.id), parts: [part] })),
    ).to.equal('PEER_UNKNOWN');
  });

  const document = (name: string, mimeType: string, attributes: Tl[]): (() => Media) => {
    return () => ({
      kind: 'document',
      file: at.world.files.document([bytesOf(name)], { mimeType, attributes }),
    });
  };
  const video: Tl = { _: 'documentAttributeVideo', duration: 3, w: 640, h: 360 };
  const kinds: [string, () => Media][] = [
    ['photo', () => ({ kind: 'photo', file: at.world.files.photo([bytesOf('photo')]), spoiler: true })],
    ['video', document('video', 'video/mp4', [video])],
    ['animation', document('animation', 'video/mp4', [video, { _: 'documentAttributeAnimated' }])],
    ['video-note', document('video-note', 'video/mp4', [{ ...video, round_message: true }])],
    [
      'voice',
      document('voice', 'audio/ogg', [
        { _: 'documentAttributeAudio', duration: 2, voice: true, waveform: Buffer.from([1, 2, 3]) },
      ]),
    ],
    [
      'audio',
      document('audio', 'audio/mpeg', [
        { _: 'documentAttributeAudio', duration: 200, title: 'Song', performer: 'Band' },
      ]),
    ],
    [
      'sticker',
      document('sticker', 'image/webp', [
        { _: 'documentAttributeImageSize', w: 512, h: 512 },
        { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } },
      ]),
    ],
    [
      'document',
      document('document', 'application/pdf', [{ _: 'documentAttributeFilename', file_name: 'offer.pdf' }]),
    ],
  ];
  for (const [kind, made] of kinds) {
    it(`M2 a client’s ${kind} arrives in the topic as a ${kind}, byte for byte`, async () => {
      const topic = await topicNamed('Ann');
      const media = made();
      const event = await annWrites({ text: kind === 'sticker' ? '' : 'caption', media });
      expect(event.content.media?.kind).to.equal(kind);
      const [postId] = await post(topic, [copy(event)]);
      const sent = at.posts(topic)[0]?.body;
      expect(sent?.text).to.equal(kind === 'sticker' ? '' : 'caption');
      if (sent?.media?.kind !== 'photo' && sent?.media?.kind !== 'document') throw new Error('no file');
      if (media.kind === 'plain') throw new Error('no file');
      expect(Buffer.concat(sent.media.file.chunks).equals(Buffer.concat(media.file.chunks))).to.equal(true);
      const { media: posted } = (await at.fetch(at.desk, at.group, postId!)) ?? {};
      expect(posted).to.deep.include({ kind, bytes: bytesOf(kind).length });
    });
  }

  it('M2 an album stays whole, in order, with its captions', async () => {
    const topic = await topicNamed('Ann');
    const drafts = ['one', 'two', 'three'].map((name): Draft => ({
      text: name,
      media: { kind: 'photo', file: at.world.files.photo([bytesOf(name)]) },
    }));
    at.world.actAs(at.ann).sendAlbum({ kind: 'user', id: at.bot.id }, drafts);
    const events = [await at.message(at.owner), await at.message(at.owner), await at.message(at.owner)];
    expect(new Set(events.map(({ groupedId }) => groupedId)).size).to.equal(1);
    const ids = await post(topic, events.map(copy));
    const posts = at.posts(topic);
    expect(posts.map(({ id }) => id)).to.deep.equal(ids);
    expect(posts.map(({ body }) => body.text)).to.deep.equal(['one', 'two', 'three']);
    expect(new Set(posts.map(({ body }) => body.groupedId)).size).to.equal(1);
  });

  it('M2 a file is sent again by the same account without moving it, also when its reference has expired', async () => {
    const event = await annWrites({
      media: { kind: 'photo', file: at.world.files.photo([bytesOf('photo')]) },
    });
    at.world.files.expireReferences();
    const content: Content = { ...event.content, text: plain('again') };
    await at.sender.send({ owner: at.owner, peer: at.client, parts: [{ ...copy(event), content }] });
    expect([...at.bot.box.messages.values()].at(-1)?.body.text).to.equal('again');
    expect(at.telegram.calls.some(({ name }) => name.startsWith('upload.'))).to.equal(false);
  });
});
