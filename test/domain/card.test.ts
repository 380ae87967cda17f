import { expect } from 'chai';
import { cardOf, titleOf } from '../../src/domain/card.js';
import type { Connection } from '../../src/domain/connection.js';
import { connectionId, peerOf } from '../../src/domain/ids.js';

const shop: Connection = {
  id: connectionId('100'),
  kind: 'bot',
  peer: peerOf('user', 100),
  name: 'Shop',
  username: 'shop_bot',
  group: peerOf('channel', 1),
  state: 'live',
  stateSince: 0,
  createdAt: 0,
};

describe('the card and title of a topic', () => {
  it('T4 the card shows who the client is, the start parameter and the connection', () => {
    const profile = {
      peer: peerOf('user', 5),
      name: 'Ann  Lee',
      username: 'ann',
      language: 'de',
      premium: true,
    };
    expect(cardOf(profile, shop, '/start ads_2026').text.split('\n')).to.deep.equal([
      '👤 Ann Lee',
      '@ann · id 5',
      'language de · premium',
      'start: ads_2026',
      'via 🤖 Shop (@shop_bot)',
    ]);
  });

  it('T2 the title is the name, or the id where there is none, and never too long', () => {
    expect(titleOf({ peer: peerOf('user', 5), name: '' })).to.equal('User 5');
    expect(titleOf({ peer: peerOf('user', 5), name: 'x'.repeat(500) })).to.have.length(128);
  });
});
