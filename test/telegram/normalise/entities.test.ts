import { expect } from 'chai';
import fc from 'fast-check';
import type { tl } from '@mtcute/tl';

import type { Entity, EntityKind } from '../../../src/domain/content.js';
import { peerOf } from '../../../src/domain/ids.js';
import { fromTlEntities, toTlEntities } from '../../../src/telegram/normalise/entities.js';
import { long } from '../../../src/telegram/tl/long.js';
import { message, onWire } from './wire.js';

function throughWire(entities: tl.TypeMessageEntity[]): tl.TypeMessageEntity[] {
  return onWire(message({ message: 'x', entities })).entities ?? [];
}

const known = (): tl.TypeInputUser => ({ _: 'inputUser', userId: 7000000005, accessHash: long('9') });
const nobody = (): undefined => undefined;

const span = { offset: fc.nat(4000), length: fc.integer({ min: 1, max: 4000 }) };
const plainKind = fc.constantFrom<EntityKind>('bold', 'italic', 'underline', 'strike', 'spoiler', 'code');
const written: fc.Arbitrary<Entity> = fc.oneof(
  fc.record({ kind: plainKind, ...span }),
  fc.record({ kind: fc.constant('pre' as const), ...span, language: fc.constantFrom('ts', 'sql') }),
  fc.record({ kind: fc.constant('pre' as const), ...span }),
  fc.record({ kind: fc.constant('text-url' as const), ...span, url: fc.webUrl() }),
  fc.record({ kind: fc.constant('blockquote' as const), ...span, collapsed: fc.constant(true) }),
  fc.record({ kind: fc.constant('blockquote' as const), ...span }),
  fc.record({
    kind: fc.constant('custom-emoji' as const),
    ...span,
    emoji: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
  }),
);

describe('normalise: entities', () => {
  it('M2 M5 what a person formatted survives to the wire and back', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), (entities) => {
        expect(fromTlEntities(throughWire(toTlEntities(entities, nobody)))).to.deep.equal(entities);
      }),
      { numRuns: 50 },
    );
  });

  const found: [tl.TypeMessageEntity['_'], EntityKind][] = [
    ['messageEntityMention', 'mention'],
    ['messageEntityHashtag', 'hashtag'],
    ['messageEntityCashtag', 'cashtag'],
    ['messageEntityBotCommand', 'bot-command'],
    ['messageEntityUrl', 'url'],
    ['messageEntityEmail', 'email'],
    ['messageEntityPhone', 'phone'],
    ['messageEntityBankCard', 'bank-card'],
  ];
  for (const [constructor, kind] of found) {
    it(`M2 a ${kind} is read, and left to Telegram to find again`, () => {
      const entity = { _: constructor, offset: 1, length: 2 } as tl.TypeMessageEntity;
      const read = fromTlEntities(throughWire([entity]));
      expect(read).to.deep.equal([{ kind, offset: 1, length: 2 }]);
      expect(toTlEntities(read, nobody)).to.deep.equal([]);
    });
  }

  it('M5 a mention by name addresses the user where the sender knows them, else it is a link', () => {
    const mention: tl.TypeMessageEntity = {
      _: 'messageEntityMentionName',
      offset: 0,
      length: 3,
      userId: 7000000005,
    };
    const read = fromTlEntities(throughWire([mention]));
    expect(read).to.deep.equal([
      { kind: 'mention-name', offset: 0, length: 3, user: peerOf('user', 7000000005) },
    ]);
    expect(toTlEntities(read, known)).to.deep.equal([
      { _: 'inputMessageEntityMentionName', offset: 0, length: 3, userId: known() },
    ]);
    expect(toTlEntities(read, nobody)).to.deep.equal([
      { _: 'messageEntityTextUrl', offset: 0, length: 3, url: 'tg://user?id=7000000005' },
    ]);
  });

  it('M2 formatting without a name of ours leaves plain text', () => {
    const date: tl.TypeMessageEntity = { _: 'messageEntityFormattedDate', offset: 0, length: 4, date: 1 };
    expect(fromTlEntities(throughWire([date]))).to.deep.equal([]);
  });
});
