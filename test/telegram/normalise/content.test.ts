import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import type { Content } from '../../../src/domain/content.js';
import { decodeFile } from '../../../src/telegram/media/file-token.js';
import { contentOf } from '../../../src/telegram/normalise/content.js';
import { long } from '../../../src/telegram/tl/long.js';
import { document, message, onWire, photo } from './wire.js';

function content(media: tl.TypeMessageMedia, text = ''): Content {
  return contentOf(onWire(message({ message: text, media })));
}

const video: tl.RawDocumentAttributeVideo = { _: 'documentAttributeVideo', duration: 2.5, w: 640, h: 360 };
const named: tl.TypeDocumentAttribute = { _: 'documentAttributeFilename', fileName: 'a.bin' };
const waveform = Uint8Array.of(7, 8, 9);

describe('normalise: media', () => {
  it('M2 a photo is its largest size, with the place where it lies', () => {
    const { media } = content({ _: 'messageMediaPhoto', photo, spoiler: true }, 'Look');
    const { file, ...rest } = media!;
    expect(rest).to.deep.equal({
      kind: 'photo',
      bytes: 180_000,
      mime: 'image/jpeg',
      width: 1280,
      height: 960,
      spoiler: true,
    });
    expect(decodeFile(file)).to.deep.equal({
      dc: 4,
      type: 'photo',
      id: '5000000000000000003',
      accessHash: '7',
      fileReference: Buffer.from([9]),
      thumbSize: 'y',
      bytes: 180_000,
    });
  });

  it('M2 a document’s place keeps 64-bit ids and negative hashes exactly', () => {
    const { media } = content({ _: 'messageMediaDocument', document: document([named]) });
    expect(decodeFile(media!.file)).to.deep.equal({
      dc: 2,
      type: 'document',
      id: '5000000000000000001',
      accessHash: '-5000000000000000002',
      fileReference: Buffer.from([1, 2, 3]),
      bytes: 12_582_912,
    });
  });

  const kinds: [string, tl.TypeDocumentAttribute[], object][] = [
    ['document', [named], { kind: 'document', fileName: 'a.bin' }],
    ['video', [video, named], { kind: 'video', durationS: 2.5, width: 640, height: 360, fileName: 'a.bin' }],
    ['animation', [{ _: 'documentAttributeAnimated' }, video], { kind: 'animation', width: 640 }],
    ['video note', [{ ...video, roundMessage: true }], { kind: 'video-note', durationS: 2.5 }],
    [
      'audio',
      [{ _: 'documentAttributeAudio', duration: 180, title: 'Song', performer: 'Band' }],
      { kind: 'audio', durationS: 180, title: 'Song', performer: 'Band' },
    ],
    [
      'voice',
      [{ _: 'documentAttributeAudio', duration: 4, voice: true, waveform }],
      { kind: 'voice', durationS: 4, waveform: 'BwgJ' },
    ],
    [
      'sticker',
      [
        { _: 'documentAttributeImageSize', w: 512, h: 400 },
        { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } },
      ],
      { kind: 'sticker', alt: '🙂', width: 512, height: 400 },
    ],
    [
      'video sticker',
      [video, { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetEmpty' } }],
      { kind: 'sticker', alt: '🙂', width: 640 },
    ],
    [
      'picture sent as a file',
      [{ _: 'documentAttributeImageSize', w: 9, h: 8 }, named],
      { kind: 'document' },
    ],
  ];
  for (const [title, attributes, expected] of kinds) {
    it(`M2 a ${title} is known by its attributes and keeps its caption`, () => {
      const { media, text } = content({ _: 'messageMediaDocument', document: document(attributes) }, 'Hi');
      expect(media).to.include(expected);
      expect(text.text).to.equal('Hi');
    });
  }

  const geo: tl.TypeGeoPoint = { _: 'geoPoint', lat: 52.52, long: 13.405, accessHash: long('1') };
  const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
  const poll: tl.RawPoll = {
    _: 'poll',
    id: long('1'),
    hash: long('0'),
    question: words('Tea?'),
    answers: [
      { _: 'pollAnswer', text: words('Yes'), option: Uint8Array.of(0) },
      { _: 'pollAnswer', text: words('No'), option: Uint8Array.of(1) },
    ],
  } as tl.RawPoll;
  const results: tl.TypePollResults = { _: 'pollResults' };
  const contact: tl.RawMessageMediaContact = {
    _: 'messageMediaContact',
    phoneNumber: '4912345',
    firstName: 'Ann',
    lastName: 'Lee',
    vcard: '',
    userId: 0,
  };
  const venue: tl.RawMessageMediaVenue = {
    _: 'messageMediaVenue',
    geo,
    title: 'Café',
    address: 'Main St 1',
    provider: '',
    venueId: '',
    venueType: '',
  };
  const others: [tl.TypeMessageMedia, string, string][] = [
    [{ _: 'messageMediaGeo', geo }, 'location', '52.520000, 13.405000'],
    [{ _: 'messageMediaGeoLive', geo, period: 60 }, 'live location', '52.520000, 13.405000'],
    [venue, 'venue', 'Café\nMain St 1\n52.520000, 13.405000'],
    [contact, 'contact', 'Ann Lee\n+4912345'],
    [{ _: 'messageMediaPoll', poll, results }, 'poll', 'Tea?\n◦ Yes\n◦ No'],
    [{ _: 'messageMediaPoll', poll: { ...poll, quiz: true }, results }, 'quiz', 'Tea?\n◦ Yes\n◦ No'],
    [{ _: 'messageMediaDice', value: 6, emoticon: '🎲' }, 'dice', '🎲 6'],
    [
      {
        _: 'messageMediaGame',
        game: {
          _: 'game',
          id: long('1'),
          accessHash: long('1'),
          shortName: 'g',
          title: 'Chess',
          description: '',
          photo: { _: 'photoEmpty', id: long('1') },
        },
      },
      'game',
      'Chess',
    ],
    [
      {
        _: 'messageMediaInvoice',
        title: 'Tea',
        description: 'Green',
        currency: 'EUR',
        totalAmount: long('500'),
        startParam: '',
      },
      'invoice',
      'Tea\nGreen',
    ],
    [
      {
        _: 'messageMediaToDo',
        todo: {
          _: 'todoList',
          title: words('Buy'),
          list: [{ _: 'todoItem', id: 1, title: words('Milk') }],
        },
      },
      'checklist',
      'Buy\n◦ Milk',
    ],
    [{ _: 'messageMediaStory', peer: { _: 'peerUser', userId: 1 }, id: 2 }, 'story', ''],
    [{ _: 'messageMediaUnsupported' }, 'unsupported message', ''],
    [{ _: 'messageMediaPhoto', ttlSeconds: 5 }, 'expired photo', ''],
    [{ _: 'messageMediaDocument', voice: true, ttlSeconds: 5 }, 'expired voice message', ''],
  ];
  for (const [media, name, text] of others) {
    it(`M2 a message that can’t be carried is shown as “${name}” and not dropped`, () => {
      expect(content(media)).to.deep.equal({ text: { text, entities: [] }, placeholder: name });
    });
  }

  it('M2 a link preview leaves the text as it is', () => {
    const page: tl.TypeWebPage = { _: 'webPageEmpty', id: long('1') };
    expect(content({ _: 'messageMediaWebPage', webpage: page }, 'https://a.example')).to.deep.equal({
      text: { text: 'https://a.example', entities: [] },
    });
  });

  it('M2 words of a placeholder follow the text, so that its formatting stays in place', () => {
    const entities: tl.TypeMessageEntity[] = [{ _: 'messageEntityBold', offset: 0, length: 4 }];
    const media: tl.TypeMessageMedia = { _: 'messageMediaDice', value: 3, emoticon: '🎯' };
    expect(contentOf(onWire(message({ message: 'Shot', entities, media }))).text).to.deep.equal({
      text: 'Shot\n🎯 3',
      entities: [{ kind: 'bold', offset: 0, length: 4 }],
    });
  });

  it('M2 a file token that is not ours is refused', () => {
    expect(() => decodeFile('bm9wZQ')).to.throw('a file token is malformed');
  });
});
