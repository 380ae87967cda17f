import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import type { Media } from '../../../src/domain/content.js';
import { GatewayError } from '../../../src/domain/errors.js';
import type { Transfers } from '../../../src/telegram/media/transfer.js';
import { unreadable } from '../../../src/telegram/media/unreadable.js';
import { long } from '../../../src/telegram/tl/long.js';
import { documentMedia, photoMedia } from '../../../src/telegram/normalise/media.js';
import { document, message, photo } from '../normalise/wire.js';
import { codeOf, failureOf } from './code-of.js';
import { FakeSession, refusal, type Answers } from './fake-session.js';
import { client, desk, group, numbered, order, owner, senderOf, short, text, withMedia } from './orders.js';

describe('outgoing: media', () => {
  const known = photoMedia(photo, true)!;
  const file = (kind: tl.TypeDocumentAttribute[]): Media => documentMedia(document(kind))!;

  it('M2 a file of the same account is sent again by reference, never moved', async () => {
    const session = new FakeSession(owner, { 'messages.sendMedia': () => numbered(['5', 9]) });
    const sender = await senderOf(session);
    expect(await sender.send(order({ parts: [withMedia(known, '5', 'Look')] }))).to.deep.equal([9]);
    const [request] = session.sent('messages.sendMedia');
    expect(request).to.deep.include({ message: 'Look' });
    expect(request?.media).to.deep.equal({
      _: 'inputMediaPhoto',
      spoiler: true,
      id: {
        _: 'inputPhoto',
        id: photo.id,
        accessHash: photo.accessHash,
        fileReference: Buffer.from(photo.fileReference),
      },
    });
  });

  it('M2 an expired reference is renewed from the source message', async () => {
    const fresh = { ...photo, fileReference: Uint8Array.of(200) };
    const source = { owner, peer: client, msgId: 41 };
    const session = new FakeSession(owner, {
      'messages.sendMedia': ({ media }) => {
        const reference =
          media._ === 'inputMediaPhoto' && media.id._ === 'inputPhoto' ? media.id.fileReference[0] : 0;
        if (reference !== 200) throw refusal('FILE_REFERENCE_EXPIRED');
        return numbered(['5', 9]);
      },
      'messages.getMessages': () => ({
        _: 'messages.messages',
        messages: [message({ media: { _: 'messageMediaPhoto', photo: fresh } })],
        topics: [],
        chats: [],
        users: [],
      }),
    });
    const sender = await senderOf(session);
    expect(await sender.send(order({ parts: [{ ...withMedia(known, '5'), source }] }))).to.deep.equal([9]);
  });

  const spoken = Uint8Array.of(1, 2);
  const sized = { w: 640, h: 360, duration: 2 };
  const kinds: [
    string,
    Media,
    Partial<tl.RawInputMediaUploadedDocument> | { _: 'inputMediaUploadedPhoto' },
  ][] = [
    ['photo', known, { _: 'inputMediaUploadedPhoto' }],
    [
      'video',
      file([{ _: 'documentAttributeVideo', ...sized }]),
      {
        nosoundVideo: true,
        attributes: [{ _: 'documentAttributeVideo', ...sized, supportsStreaming: true }],
      },
    ],
    [
      'animation',
      file([{ _: 'documentAttributeAnimated' }, { _: 'documentAttributeVideo', ...sized }]),
      { attributes: [{ _: 'documentAttributeAnimated' }, { _: 'documentAttributeVideo', ...sized }] },
    ],
    [
      'video note',
      file([{ _: 'documentAttributeVideo', ...sized, roundMessage: true }]),
      { attributes: [{ _: 'documentAttributeVideo', ...sized, roundMessage: true }] },
    ],
    [
      'voice',
      file([{ _: 'documentAttributeAudio', duration: 4, voice: true, waveform: spoken }]),
      {
        attributes: [
          { _: 'documentAttributeAudio', duration: 4, waveform: Buffer.from(spoken), voice: true },
        ],
      },
    ],
    [
      'audio',
      file([{ _: 'documentAttributeAudio', duration: 9, title: 'Song', performer: 'Band' }]),
      { attributes: [{ _: 'documentAttributeAudio', duration: 9, title: 'Song', performer: 'Band' }] },
    ],
    [
      'document',
      file([{ _: 'documentAttributeFilename', fileName: 'a.mp4' }]),
      { forceFile: true, attributes: [{ _: 'documentAttributeFilename', fileName: 'a.mp4' }] },
    ],
    [
      'sticker',
      file([
        { _: 'documentAttributeImageSize', w: 512, h: 400 },
        {
          _: 'documentAttributeSticker',
          alt: '🙂',
          stickerset: { _: 'inputStickerSetID', id: long('1'), accessHash: long('2') },
        },
      ]),
      {
        attributes: [
          { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } },
          { _: 'documentAttributeImageSize', w: 512, h: 400 },
        ],
      },
    ],
  ];
  for (const [title, media, expected] of kinds) {
    it(`M2 a ${title} from another account is carried over and stays a ${title}`, async () => {
      const uploaded: tl.TypeInputFile = {
        _: 'inputFile',
        id: long('3'),
        parts: 1,
        name: 'n',
        md5Checksum: '',
      };
      const transfers: Transfers = { carry: async () => uploaded };
      const session = new FakeSession(desk, { 'messages.sendMedia': () => numbered(['5', 9]) });
      const sender = await senderOf(session, transfers);
      const part = { ...withMedia(media, '5'), source: { owner, peer: client, msgId: 41 } };
      await sender.send(order({ owner: desk, peer: group, topic: 10, parts: [part] }));
      const sent = session.sent('messages.sendMedia')[0]?.media;
      expect(sent).to.deep.include({ file: uploaded, ...expected });
    });
  }

  const storing: Answers = {
    'messages.uploadMedia': ({ media }) =>
      media._ === 'inputMediaPhoto'
        ? { _: 'messageMediaPhoto', photo, spoiler: true }
        : { _: 'messageMediaDocument', document: document([]) },
  };

  it('M2 an album goes out whole, each item under its own random id', async () => {
    const session = new FakeSession(owner, {
      ...storing,
      'messages.sendMultiMedia': () => numbered(['7', 31], ['6', 30]),
    });
    const video = file([{ _: 'documentAttributeVideo', ...sized }]);
    const parts = [withMedia(known, '6', 'Two'), withMedia(video, '7')];
    expect(await (await senderOf(session)).send(order({ parts }))).to.deep.equal([30, 31]);
    const [album] = session.sent('messages.sendMultiMedia');
    expect(
      album?.multiMedia.map(({ randomId, message: words }) => [randomId.toString(), words]),
    ).to.deep.equal([
      ['6', 'Two'],
      ['7', ''],
    ]);
    expect(album?.multiMedia.map(({ media }) => media._)).to.deep.equal([
      'inputMediaPhoto',
      'inputMediaDocument',
    ]);
  });

  it('M2 the item of an album that Telegram does not take is named, and nothing was sent', async () => {
    const session = new FakeSession(owner, {
      'messages.uploadMedia': ({ media }) => {
        if (media._ === 'inputMediaDocument') throw refusal('VIDEO_CONTENT_TYPE_INVALID');
        return { _: 'messageMediaPhoto', photo };
      },
    });
    const video = file([{ _: 'documentAttributeVideo', ...sized }]);
    const parts = [withMedia(known, '6'), withMedia(video, '7'), withMedia(known, '8')];
    const failure = await failureOf((await senderOf(session)).send(order({ parts })));
    expect(failure).to.deep.include({ code: 'CONTENT_UNSUPPORTED', parts: ['7'] });
    expect(failure?.detail).to.equal('video content type invalid');
  });

  it('M2 a file that cannot be read is named, and so is a single one that is refused when it is sent', async () => {
    const gone = new GatewayError('CONTENT_UNSUPPORTED', 'its file has been removed');
    const source = { owner, peer: client, msgId: 41 };
    const to = { owner: desk, peer: group };
    const unreadable = await senderOf(new FakeSession(desk, {}), { carry: () => Promise.reject(gone) });
    const parts = [withMedia(known, '6'), withMedia(known, '7')].map((part) => ({ ...part, source }));
    expect(await failureOf(unreadable.send(order({ ...to, parts })))).to.deep.include({
      code: 'CONTENT_UNSUPPORTED',
      detail: 'its file has been removed',
      parts: ['6'],
    });
    const refusing = await senderOf(
      new FakeSession(owner, {
        'messages.sendMedia': () => {
          throw refusal('PHOTO_INVALID_DIMENSIONS');
        },
      }),
    );
    const alone = order({ parts: [withMedia(known, '5')] });
    expect((await failureOf(refusing.send(alone)))?.parts).to.deep.equal(['5']);
  });

  it('M2 whatever the reading side is refused with, it is the file’s fault and not that of the place where it was going', async () => {
    for (const type of ['CHANNEL_PRIVATE', 'CHAT_ADMIN_REQUIRED', 'MSG_ID_INVALID']) {
      const refused = unreadable(refusal(type)) as Error;
      const carry = () => Promise.reject(refused);
      const part = { ...withMedia(known, '6'), source: { owner, peer: client, msgId: 41 } };
      const sending = (await senderOf(new FakeSession(desk, {}), { carry })).send(
        order({ owner: desk, peer: group, topic: 9, parts: [part] }),
      );
      expect(await failureOf(sending), type).to.deep.include({ code: 'CONTENT_UNSUPPORTED', parts: ['6'] });
    }
  });

  it('M2 an album that Telegram refuses as a whole names all of its items', async () => {
    const session = new FakeSession(owner, {
      ...storing,
      'messages.sendMultiMedia': () => {
        throw refusal('MEDIA_GROUPED_INVALID');
      },
    });
    const parts = [withMedia(known, '6'), withMedia(known, '7')];
    expect((await failureOf((await senderOf(session)).send(order({ parts }))))?.parts).to.deep.equal([
      '6',
      '7',
    ]);
  });

  it('M2 what Telegram takes as no album goes out in order, one call after the other', async () => {
    const session = new FakeSession(owner, {
      ...storing,
      'messages.sendMultiMedia': () => numbered(['1', 30], ['2', 31]),
      'messages.sendMedia': ({ randomId }) => numbered([randomId.toString(), 32]),
      'messages.sendMessage': () => ({ ...short, id: 33 }),
    });
    const note = file([{ _: 'documentAttributeVideo', ...sized, roundMessage: true }]);
    const parts = [withMedia(known, '1'), withMedia(known, '2'), withMedia(note, '3'), text('gone', '4')];
    expect(await (await senderOf(session)).send(order({ parts }))).to.deep.equal([30, 31, 32, 33]);
  });

  it('M1 on a repeat, what was sent is not sent again and what was not is sent', async () => {
    const session = new FakeSession(owner, {
      'messages.sendMedia': () => {
        throw refusal('RANDOM_ID_DUPLICATE', 500);
      },
      'messages.sendMessage': () => short,
    });
    const parts = [withMedia(known, '1'), text('after', '2')];
    expect(await codeOf((await senderOf(session)).send(order({ parts })))).to.equal('ALREADY_SENT');
    expect(session.sent('messages.sendMessage')).to.have.length(1);
  });

  it('M1 what was sent before hides no failure of what follows: it has yet to be sent', async () => {
    const session = new FakeSession(owner, {
      'messages.sendMedia': () => {
        throw refusal('RANDOM_ID_DUPLICATE', 500);
      },
      'messages.sendMessage': () => {
        throw refusal('FLOOD_WAIT_3', 420);
      },
    });
    const parts = [withMedia(known, '1'), text('after', '2')];
    expect(await codeOf((await senderOf(session)).send(order({ parts })))).to.equal('FLOOD_WAIT');
  });

  it('M2 an authorization for another data centre that is refused is asked for again, and costs no message', async () => {
    const transfers: Transfers = { carry: () => Promise.reject(refusal('AUTH_BYTES_INVALID')) };
    const part = { ...withMedia(known, '5'), source: { owner, peer: client, msgId: 41 } };
    const sending = (await senderOf(new FakeSession(desk, {}), transfers)).send(
      order({ owner: desk, peer: group, parts: [part] }),
    );
    expect(await codeOf(sending)).to.equal('TELEGRAM_UNREACHABLE');
  });

  it('M2 no answer while a file is carried means that nothing was sent', async () => {
    const transfers: Transfers = {
      carry: () => Promise.reject(new GatewayError('ANSWER_LOST', 'upload.saveFilePart')),
    };
    const session = new FakeSession(desk, {});
    const part = { ...withMedia(known, '5'), source: { owner, peer: client, msgId: 41 } };
    const sending = (await senderOf(session, transfers)).send(
      order({ owner: desk, peer: group, parts: [part] }),
    );
    expect(await codeOf(sending)).to.equal('TELEGRAM_UNREACHABLE');
  });
});
