import { expect } from 'chai';
import { automaticEntities } from './entities.js';

describe('entities that the server adds', () => {
  const found = (text: string, given: Parameters<typeof automaticEntities>[1] = []) =>
    automaticEntities(text, given).map(
      (entity) =>
        `${entity._.replace('messageEntity', '')} ${text.slice(
          Number(entity['offset']),
          Number(entity['offset']) + Number(entity['length']),
        )}`,
    );

  it('O2 commands, mentions, links, tags, phones, addresses and cards are recognised', () => {
    expect(found('/start@desk_bot go')).to.deep.equal(['BotCommand /start@desk_bot']);
    expect(found('ask @anna_owner, or anna@example.com')).to.deep.equal([
      'Mention @anna_owner',
      'Email anna@example.com',
    ]);
    expect(found('see https://a.example/x?y=1. or t.me/desk')).to.deep.equal([
      'Url https://a.example/x?y=1',
      'Url t.me/desk',
    ]);
    expect(found('#новости $USD +49 151 1234567')).to.deep.equal([
      'Hashtag #новости',
      'Cashtag $USD',
      'Phone +49 151 1234567',
    ]);
    expect(found('4111 1111 1111 1111 and 4111 1111 1111 1112')).to.deep.equal([
      'BankCard 4111 1111 1111 1111',
    ]);
  });

  it('O2 nothing is found inside code, paths and numbers; offsets count UTF-16', () => {
    expect(found('a/b 1/2 #123 x@y')).to.deep.equal([]);
    const code = { _: 'messageEntityCode', offset: 0, length: 6 };
    expect(found('/start', [code])).to.deep.equal(['Code /start']);
    const [command] = automaticEntities('😀 /go', []);
    expect(command).to.include({ offset: 3, length: 3 });
  });
});
