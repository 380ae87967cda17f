import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import type { MessageEvent } from '../../../src/domain/event.js';
import { long } from '../../../src/telegram/tl/long.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { context, forum, message, onWire, owner, serviceMessage } from './wire.js';

const channel: tl.TypePeer = { _: 'peerChannel', channelId: forum.id };
const group: tl.TypePeer = { _: 'peerChat', chatId: 300 };
const bot: tl.RawUser = { _: 'user', id: 7000000009, bot: true, firstName: 'Bot' };

function seen(of: tl.TypeMessage, chats: tl.TypeChat[] = [forum], users: tl.TypeUser[] = []): MessageEvent {
  const inChannel = of._ !== 'messageEmpty' && of.peerId._ === 'peerChannel';
  const update: tl.TypeUpdate = inChannel
    ? { _: 'updateNewChannelMessage', message: of, pts: 5, ptsCount: 1 }
    : { _: 'updateNewMessage', message: of, pts: 5, ptsCount: 1 };
  const event = normaliseUpdate(onWire(update), context(users, chats));
  if (event?.kind !== 'message') throw new Error('not a message');
  return event;
}

describe('normalise: messages', () => {
  it('M1 a client’s message names its dialog, author, time, text and box', () => {
    expect(seen(message({ message: 'Hello' }))).to.deep.equal({
      kind: 'message',
      owner,
      box: 'common',
      peer: 'user:7000000005',
      msgId: 41,
      out: false,
      author: 'user:7000000005',
      authorIsBot: false,
      date: 1_760_000_000,
      content: { text: { text: 'Hello', entities: [] } },
    });
  });

  const authors: [string, Partial<tl.RawMessage>, Partial<MessageEvent>][] = [
    [
      'the primary’s answer without from_id is ours',
      { out: true },
      { author: 'user:7000000001' as never, out: true },
    ],
    [
      'the primary’s answer with from_id is ours',
      { out: true, fromId: { _: 'peerUser', userId: 7000000001 } },
      { author: 'user:7000000001' as never, out: true },
    ],
    [
      'a basic group’s member is the author, the group the dialog',
      { peerId: group, fromId: { _: 'peerUser', userId: 7000000005 } },
      { author: 'user:7000000005' as never, peer: 'chat:300' as never, box: 'common' as never },
    ],
    [
      'a supergroup has its own box',
      { peerId: channel, fromId: { _: 'peerUser', userId: 7000000005 } },
      { author: 'user:7000000005' as never, box: 'channel:2000000001' as never },
    ],
    [
      'an anonymous administrator writes as the group',
      { peerId: channel, fromId: channel },
      { author: 'channel:2000000001' as never, authorIsBot: false },
    ],
    [
      'a channel’s post is written by the channel',
      { peerId: channel, post: true },
      { author: 'channel:2000000001' as never },
    ],
    [
      'a bot that came along is known as one',
      { peerId: channel, fromId: { _: 'peerUser', userId: bot.id } },
      { authorIsBot: true },
    ],
  ];
  for (const [title, fields, expected] of authors) {
    it(`M1 M6 ${title}`, () => {
      expect(seen(message(fields), [forum], [bot])).to.include(expected);
    });
  }

  const header = (fields: Partial<tl.RawMessageReplyHeader>): tl.RawMessageReplyHeader => ({
    _: 'messageReplyHeader',
    ...fields,
  });
  const topics: [string, tl.TypeMessageReplyHeader | undefined, number | undefined, number | undefined][] = [
    ['without a header it stands in General', undefined, 1, undefined],
    ['a reply in General', header({ replyToMsgId: 7 }), 1, 7],
    [
      'a plain message of a topic answers nothing',
      header({ forumTopic: true, replyToMsgId: 10 }),
      10,
      undefined,
    ],
    ['a reply inside a topic', header({ forumTopic: true, replyToMsgId: 12, replyToTopId: 10 }), 10, 12],
    [
      'a reply to the first message of a topic',
      header({ forumTopic: true, replyToMsgId: 10, replyToTopId: 10 }),
      10,
      undefined,
    ],
    [
      'a reply across chats keeps its topic and answers nothing here',
      header({
        forumTopic: true,
        replyToMsgId: 90,
        replyToTopId: 10,
        replyToPeerId: { _: 'peerChannel', channelId: 2000000002 },
      }),
      10,
      undefined,
    ],
    [
      'an answer to a story',
      { _: 'messageReplyStoryHeader', peer: { _: 'peerUser', userId: 7000000005 }, storyId: 3 },
      1,
      undefined,
    ],
  ];
  for (const [title, replyTo, topic, answered] of topics) {
    it(`M5 T1 in a forum: ${title}`, () => {
      const event = seen(message({ peerId: channel, ...(replyTo === undefined ? {} : { replyTo }) }));
      expect([event.topic, event.replyTo]).to.deep.equal([topic, answered]);
    });
  }

  it('M5 outside forums there is no topic, and a reply is a reply', () => {
    const event = seen(message({ replyTo: header({ replyToMsgId: 40 }) }));
    expect(event).to.not.have.property('topic');
    expect(event.replyTo).to.equal(40);
    const plainGroup = { ...forum, forum: false };
    const inGroup = seen(message({ peerId: channel, replyTo: header({ replyToMsgId: 40 }) }), [plainGroup]);
    expect(inGroup).to.not.have.property('topic');
  });

  it('M2 album items carry their common id as a decimal', () => {
    expect(seen(message({ groupedId: long('13900000000000000001'.slice(0, 19)) })).groupedId).to.equal(
      '1390000000000000000',
    );
  });

  it('T1 the service message that makes a topic stands in it, and its id is the topic’s', () => {
    const made = seen(serviceMessage({ _: 'messageActionTopicCreate', title: 'Ann', iconColor: 1 }));
    expect(made).to.include({ service: 'topic-created', topic: 42, msgId: 42 });
    expect(made.content).to.deep.equal({
      text: { text: 'Ann', entities: [] },
      placeholder: 'topic created',
    });
  });

  it('T1 closing and reopening a topic by hand are told apart', () => {
    const inTopic = header({ forumTopic: true, replyToMsgId: 10 });
    const edited = (closed: boolean): MessageEvent =>
      seen(serviceMessage({ _: 'messageActionTopicEdit', closed }, { replyTo: inTopic }));
    expect(edited(true)).to.include({ service: 'topic-closed', topic: 10 });
    expect(edited(false)).to.include({ service: 'topic-reopened', topic: 10 });
    const renamed = serviceMessage({ _: 'messageActionTopicEdit', title: 'Ann L.' }, { replyTo: inTopic });
    expect(seen(renamed)).to.include({ service: 'topic-edited', topic: 10 });
  });

  it('M2 a service message is shown by name and never as a client’s words', () => {
    const joined = seen(serviceMessage({ _: 'messageActionChatAddUser', users: [5] }));
    expect(joined.service).to.equal('joined');
    expect(joined.content.placeholder).to.equal('joined');
    const pinned = seen(serviceMessage({ _: 'messageActionPinMessage' }));
    expect(pinned.service).to.equal('pinned');
  });
});
