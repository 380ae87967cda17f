import { expect } from 'chai';
import fc from 'fast-check';
import { compose } from '../../src/domain/compose.js';
import { plain, type Content, type Media } from '../../src/domain/content.js';
import type { Delivery } from '../../src/domain/delivery.js';
import { commonBox, connectionId, dialogId, peerOf } from '../../src/domain/ids.js';

const connection = connectionId('100');
const client = peerOf('user', 5);

function mirror(contents: Content[], change: Partial<Delivery> = {}): Delivery {
  return {
    id: 'm',
    kind: 'mirror',
    lane: 'l',
    order: 1,
    state: 'queued',
    connection,
    dialog: dialogId(connection, client),
    group: peerOf('channel', 2000000001),
    side: 'in',
    source: connection,
    sourcePeer: client,
    sourceBox: commonBox,
    parts: contents.map((content, index) => ({ msgId: index + 1, date: 1000, content })),
    randomIds: [],
    sentIds: [],
    notBefore: 0,
    attempts: 0,
    createdAt: 1_000_000,
    ...change,
  };
}

function media(kind: Media['kind']): Media {
  return { kind, bytes: 10, file: 'f' };
}

function texts(delivery: Delivery): string[][] {
  return compose(delivery, 'bot').map((post) => post.map((piece) => piece.content.text.text));
}

describe('compose', () => {
  it('M1 an incoming text is posted as it is', () => {
    expect(texts(mirror([{ text: plain('hello') }]))).to.deep.equal([['hello']]);
  });

  it('M1 an intercepted message carries the mark of its primary, and entities move with the text', () => {
    const text = { text: 'bold', entities: [{ kind: 'bold' as const, offset: 0, length: 4 }] };
    const [post] = compose(mirror([{ text }], { side: 'intercepted' }), 'bot');
    expect(post?.[0]?.content.text).to.deep.equal({
      text: '🤖 bold',
      entities: [{ kind: 'bold', offset: 3, length: 4 }],
    });
    expect(
      compose(mirror([{ text }], { side: 'intercepted' }), 'account')[0]?.[0]?.content.text.text,
    ).to.equal('📱 bold');
  });

  it('M2 a sticker, which takes no caption, is preceded by the mark', () => {
    const posts = compose(
      mirror([{ text: plain(''), media: media('sticker') }], { side: 'intercepted' }),
      'bot',
    );
    expect(
      posts.map((post) => post.map((piece) => piece.content.media?.kind ?? piece.content.text.text)),
    ).to.deep.equal([['🤖'], ['sticker']]);
  });

  it('M2 a medium that cannot be carried is named with its words, and every piece keeps its place', () => {
    const contents: Content[] = [
      { text: plain('x'.repeat(1500)), media: { ...media('document'), fileName: 'contract.pdf' } },
      { text: plain(''), media: media('video-note') },
    ];
    const row = mirror(contents, { side: 'intercepted' });
    const [first, second] = row.parts;
    if (first === undefined || second === undefined) throw new Error('two parts');
    const uncarried = {
      ...row,
      parts: [
        { ...first, uncarried: 'gone' },
        { ...second, uncarried: 'gone' },
      ],
    };
    const shape = (delivery: Delivery) =>
      compose(delivery, 'bot').map((post) => post.map(({ msgId, part }) => [msgId, part]));
    expect(shape(uncarried)).to.deep.equal(shape(row));
    const [[document, note] = [], [rest] = []] = texts(uncarried);
    expect(document).to.match(/^📎 document contract\.pdf \(gone\)\n🤖 x+$/);
    expect(note).to.equal('📎 video note (gone)');
    expect(`${document?.replace(/^.*\n/, '')}${rest}`).to.equal(`🤖 ${'x'.repeat(1500)}`);
  });

  it('M2 an album stays one post', () => {
    const album = [1, 2, 3].map(() => ({ text: plain(''), media: media('photo') }));
    expect(compose(mirror(album), 'bot').map((post) => post.length)).to.deep.equal([3]);
  });

  it('M2 a kind that cannot be carried is shown by its name', () => {
    expect(texts(mirror([{ text: plain(''), placeholder: 'poll' }]))).to.deep.equal([['📎 poll']]);
  });

  it('C5 a message that comes late is marked with its own time', () => {
    expect(texts(mirror([{ text: plain('hi') }], { createdAt: 1_100_000 }))).to.deep.equal([
      ['🕓 1970-01-01 00:16 UTC: hi'],
    ]);
  });

  it('M1 no text is lost or longer than Telegram takes, whatever its length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        (unit, times, withFile) => {
          const text = unit.repeat(times);
          const content = withFile ? { text: plain(text), media: media('photo') } : { text: plain(text) };
          const posts = texts(mirror([content])).flat();
          expect(posts.join('')).to.equal(text);
          for (const [index, post] of posts.entries())
            expect(post.length).to.be.at.most(withFile && index === 0 ? 1024 : 4096);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('M2 an entity that is cut goes on in the next piece', () => {
    const text = { text: 'x'.repeat(5000), entities: [{ kind: 'bold' as const, offset: 0, length: 5000 }] };
    const entities = compose(mirror([{ text }]), 'bot').map((post) => post[0]?.content.text.entities);
    expect(entities).to.deep.equal([
      [{ kind: 'bold', offset: 0, length: 4096 }],
      [{ kind: 'bold', offset: 0, length: 904 }],
    ]);
  });
});
