import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import { channelBox } from '../../../src/domain/ids.js';
import { long } from '../../../src/telegram/tl/long.js';
import { profilesOf } from '../../../src/telegram/normalise/profiles.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { context, forum, message, onWire, owner } from './wire.js';

describe('normalise: updates', () => {
  it('M6 an id of our own send comes with its random id and the box it was told in', () => {
    const update: tl.TypeUpdate = { _: 'updateMessageID', id: 9, randomId: long('-8000000000000000001') };
    expect(normaliseUpdate(onWire(update), context([], [], channelBox('2000000001')))).to.deep.equal({
      kind: 'sent',
      owner,
      box: 'channel:2000000001',
      randomId: '-8000000000000000001',
      msgId: 9,
    });
  });

  it('M3 an edit carries the newest content', () => {
    const update: tl.TypeUpdate = {
      _: 'updateEditMessage',
      message: message({ message: 'new', editDate: 1_760_000_050 }),
      pts: 8,
      ptsCount: 1,
    };
    expect(normaliseUpdate(onWire(update), context())).to.deep.equal({
      kind: 'edited',
      owner,
      box: 'common',
      peer: 'user:7000000005',
      msgId: 41,
      editDate: 1_760_000_050,
      content: { text: { text: 'new', entities: [] } },
    });
  });

  it('M3 deletions name their box, and no peer', () => {
    const inPrivate: tl.TypeUpdate = { _: 'updateDeleteMessages', messages: [4, 5], pts: 9, ptsCount: 2 };
    const inChannel: tl.TypeUpdate = {
      _: 'updateDeleteChannelMessages',
      channelId: 2000000001,
      messages: [6],
      pts: 3,
      ptsCount: 1,
    };
    expect(normaliseUpdate(onWire(inPrivate), context())).to.deep.equal({
      kind: 'deleted',
      owner,
      box: 'common',
      msgIds: [4, 5],
    });
    expect(normaliseUpdate(onWire(inChannel), context())).to.include({ box: 'channel:2000000001' });
  });

  const ignored: tl.TypeUpdate[] = [
    { _: 'updateNewMessage', message: { _: 'messageEmpty', id: 4 }, pts: 1, ptsCount: 1 },
    { _: 'updateNewScheduledMessage', message: message() },
    {
      _: 'updateReadHistoryOutbox',
      peer: { _: 'peerUser', userId: 7000000005 },
      maxId: 4,
      pts: 1,
      ptsCount: 0,
    },
    { _: 'updateConfig' },
  ];
  for (const update of ignored) {
    it(`M1 ${update._} is news to nobody`, () => {
      expect(normaliseUpdate(onWire(update), context())).to.equal(null);
    });
  }
});

describe('normalise: profiles', () => {
  it('M5 a client is known by name, username, language, premium and the hash to write to them', () => {
    const user: tl.RawUser = {
      _: 'user',
      id: 7000000005,
      accessHash: long('-12'),
      firstName: 'Ann',
      lastName: 'Lee',
      usernames: [
        { _: 'username', username: 'old' },
        { _: 'username', username: 'ann', active: true },
      ],
      langCode: 'de',
      premium: true,
    };
    expect(profilesOf([onWire(user)], [])).to.deep.equal([
      {
        peer: 'user:7000000005',
        name: 'Ann Lee',
        username: 'ann',
        language: 'de',
        premium: true,
        accessHash: '-12',
      },
    ]);
  });

  it('M5 a shortened peer is marked, a bot is one, an empty one is left out', () => {
    const min: tl.RawUser = { _: 'user', id: 1, min: true, bot: true, accessHash: long('3'), firstName: 'B' };
    const empty: tl.RawUserEmpty = { _: 'userEmpty', id: 2 };
    expect(profilesOf([onWire(min), onWire(empty)], [])).to.deep.equal([
      { peer: 'user:1', name: 'B', bot: true, accessHash: '3', min: true },
    ]);
  });

  it('T1 groups and channels are known by title', () => {
    const forbidden: tl.RawChannelForbidden = {
      _: 'channelForbidden',
      id: 3,
      accessHash: long('4'),
      title: 'Gone',
    };
    const chat: tl.RawChatForbidden = { _: 'chatForbidden', id: 5, title: 'Small' };
    expect(profilesOf([], [onWire(forum), onWire(forbidden), onWire(chat)])).to.deep.equal([
      { peer: 'channel:2000000001', name: 'Support', accessHash: '-77' },
      { peer: 'channel:3', name: 'Gone', accessHash: '4' },
      { peer: 'chat:5', name: 'Small' },
    ]);
  });
});
