import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../../src/domain/errors.js';
import { peerOf } from '../../../src/domain/ids.js';
import { long } from '../../../src/telegram/tl/long.js';
import { forum } from '../normalise/wire.js';
import { codeOf, failureOf } from './code-of.js';
import { FakeSession, refusal } from './fake-session.js';
import { desk, group, numbered, order, owner, senderOf } from './orders.js';

describe('outgoing: topics and marks', () => {
  const topic = { owner: desk, group, title: 'Ann', randomId: '11', iconColor: 7322096 };

  it('T1 a topic is made under its random id; its id is that of its first message', async () => {
    const session = new FakeSession(desk, { 'messages.createForumTopic': () => numbered(['11', 50]) });
    expect(await (await senderOf(session)).createTopic(topic)).to.equal(50);
    expect(session.calls).to.deep.equal([
      {
        _: 'messages.createForumTopic',
        peer: { _: 'inputPeerChannel', channelId: forum.id, accessHash: long('-77') },
        title: 'Ann',
        iconColor: 7322096,
        randomId: long('11'),
      },
    ]);
  });

  it('T1 the id is also read from the service message, and a repeat makes no second topic', async () => {
    const made: tl.TypeMessage = {
      _: 'messageService',
      id: 51,
      peerId: { _: 'peerChannel', channelId: forum.id },
      date: 1,
      action: { _: 'messageActionTopicCreate', title: 'Ann', iconColor: 1 },
    };
    const answer = numbered();
    answer.updates.push({ _: 'updateNewChannelMessage', message: made, pts: 1, ptsCount: 1 });
    const session = new FakeSession(desk, { 'messages.createForumTopic': () => answer });
    expect(await (await senderOf(session)).createTopic(topic)).to.equal(51);
    const again = new FakeSession(desk, {
      'messages.createForumTopic': () => {
        throw refusal('RANDOM_ID_DUPLICATE', 500);
      },
    });
    expect(await codeOf((await senderOf(again)).createTopic(topic))).to.equal('ALREADY_SENT');
  });

  it('M5 a mark is set, cleared, and setting it again is no failure', async () => {
    let times = 0;
    const session = new FakeSession(desk, {
      'messages.sendReaction': () => {
        times += 1;
        if (times === 3) throw refusal('MESSAGE_NOT_MODIFIED');
        return numbered();
      },
    });
    const sender = await senderOf(session);
    for (const emoji of ['👌', '', '👌']) await sender.react({ owner: desk, peer: group, msgId: 5, emoji });
    expect(session.sent('messages.sendReaction').map(({ reaction }) => reaction)).to.deep.equal([
      [{ _: 'reactionEmoji', emoticon: '👌' }],
      [],
      [{ _: 'reactionEmoji', emoticon: '👌' }],
    ]);
  });

  it('M1 a resync asks the session of that owner', async () => {
    const session = new FakeSession(desk, {});
    await (await senderOf(session)).resync(desk);
    expect(session.resyncs).to.equal(1);
  });
});

describe('outgoing: topics in trouble', () => {
  /** A post as the answer of the send shows it. */
  const posted = (replyTo?: tl.RawMessageReplyHeader): tl.RawUpdates => {
    const message = {
      _: 'message',
      id: 60,
      peerId: { _: 'peerChannel', channelId: forum.id },
      date: 1,
    } as const;
    const answer = numbered(['-8000000000000000001', 60]);
    answer.updates.push({
      _: 'updateNewChannelMessage',
      message: { ...message, message: 'Hello', ...(replyTo === undefined ? {} : { replyTo }) },
      pts: 1,
      ptsCount: 1,
    });
    return answer;
  };
  const sent = async (answer: tl.RawUpdates) => {
    const sender = await senderOf(new FakeSession(desk, { 'messages.sendMessage': () => answer }));
    return sender.send(order({ owner: desk, peer: group, topic: 10 }));
  };

  it('T1 a post that Telegram has put into General or another topic is told as misplaced', async () => {
    const inTopic = (topic: number): tl.RawMessageReplyHeader => ({
      _: 'messageReplyHeader',
      forumTopic: true,
      replyToMsgId: topic,
    });
    expect(await sent(posted(inTopic(10)))).to.deep.equal([60]);
    for (const answer of [
      posted(),
      posted(inTopic(11)),
      posted({ _: 'messageReplyHeader', replyToMsgId: 10 }),
    ]) {
      const failure = await failureOf(sent(answer));
      expect([failure?.code, failure?.detail]).to.deep.equal(['POST_MISPLACED', '60']);
    }
  });

  it('T1 of posts that were sent before those outside the topic are told, and none that is gone', async () => {
    const header = { _: 'messageReplyHeader', forumTopic: true } as const;
    const message = (id: number, topic: number): tl.RawMessage => ({
      _: 'message',
      id,
      peerId: { _: 'peerChannel', channelId: forum.id },
      date: 1,
      message: 'Hello',
      replyTo: { ...header, replyToMsgId: topic },
    });
    const session = new FakeSession(desk, {
      'channels.getMessages': () => ({
        _: 'messages.messages',
        messages: [message(60, 10), message(61, 11), { _: 'messageEmpty', id: 62 }],
        topics: [],
        chats: [],
        users: [],
      }),
    });
    const posts = { owner: desk, group, topic: 10, msgIds: [60, 61, 62] };
    expect(await (await senderOf(session)).misplaced(posts)).to.deep.equal([61]);
  });

  it('T1 a closed topic is opened, and opening an open one is no failure', async () => {
    let times = 0;
    const session = new FakeSession(desk, {
      'messages.editForumTopic': () => {
        times += 1;
        if (times > 1) throw refusal('TOPIC_NOT_MODIFIED');
        return numbered();
      },
    });
    const sender = await senderOf(session);
    for (let turn = 0; turn < 2; turn++) await sender.reopenTopic({ owner: desk, group, topic: 10 });
    expect(session.sent('messages.editForumTopic')[0]).to.include({ topicId: 10, closed: false });
  });

  it('T1 a deleted topic is not there, and a group without topics says so', async () => {
    const session = new FakeSession(desk, {
      'messages.getForumTopicsByID': ({ topics }) => {
        if (topics[0] === 11) throw refusal('CHANNEL_FORUM_MISSING');
        const deleted: tl.RawForumTopicDeleted = { _: 'forumTopicDeleted', id: topics[0] ?? 0 };
        return {
          _: 'messages.forumTopics',
          count: 1,
          topics: [deleted],
          messages: [],
          chats: [],
          users: [],
          pts: 1,
        };
      },
    });
    const sender = await senderOf(session);
    expect(await sender.hasTopic({ owner: desk, group, topic: 10 })).to.equal(false);
    expect(await codeOf(sender.hasTopic({ owner: desk, group, topic: 11 }))).to.equal('GROUP_NOT_FORUM');
  });
});

describe('outgoing: refusals', () => {
  const cases: [string, number, string, string][] = [
    ['RANDOM_ID_DUPLICATE', 500, 'ALREADY_SENT', ''],
    ['FLOOD_WAIT_17', 420, 'FLOOD_WAIT', '17'],
    ['SLOWMODE_WAIT_5', 420, 'FLOOD_WAIT', '5'],
    ['TOPIC_CLOSED', 400, 'TOPIC_CLOSED', '10'],
    ['TOPIC_DELETED', 400, 'TOPIC_GONE', '10'],
    ['MSG_ID_INVALID', 400, 'TOPIC_GONE', '10'],
    ['USER_IS_BLOCKED', 400, 'CLIENT_BLOCKED', ''],
    ['INPUT_USER_DEACTIVATED', 400, 'CLIENT_BLOCKED', ''],
    ['CHAT_ADMIN_REQUIRED', 400, 'GROUP_RIGHTS', '-1002000000001'],
    ['CHAT_WRITE_FORBIDDEN', 403, 'GROUP_RIGHTS', '-1002000000001'],
    ['CHANNEL_PRIVATE', 400, 'GROUP_UNKNOWN', '-1002000000001'],
    ['CHANNEL_INVALID', 400, 'GROUP_UNKNOWN', '-1002000000001'],
    ['VOICE_MESSAGES_FORBIDDEN', 400, 'CONTENT_UNSUPPORTED', 'voice messages forbidden'],
    ['PEER_FLOOD', 400, 'TELEGRAM_REFUSED', 'PEER_FLOOD'],
    ['FILE_PART_3_MISSING', 400, 'TELEGRAM_UNREACHABLE', 'FILE_PART_MISSING'],
    ['SESSION_REVOKED', 401, 'SESSION_DEAD', 'SESSION_REVOKED'],
    ['AUTH_KEY_DUPLICATED', 406, 'SESSION_DEAD', 'AUTH_KEY_DUPLICATED'],
    ['INTERNAL', 500, 'ANSWER_LOST', 'the send to -1002000000001'],
    ['Timeout', -503, 'ANSWER_LOST', 'the send to -1002000000001'],
  ];
  for (const [name, status, code, detail] of cases) {
    it(`M5 M7 ${name} is ${code}`, async () => {
      const session = new FakeSession(desk, {
        'messages.sendMessage': () => {
          throw refusal(name, status);
        },
      });
      const sender = await senderOf(session);
      const failure = await failureOf(sender.send(order({ owner: desk, peer: group, topic: 10 })));
      expect([
        failure?.code,
        ['ALREADY_SENT', 'CLIENT_BLOCKED'].includes(code) ? '' : failure?.detail,
      ]).to.deep.equal([code, detail]);
    });
  }

  it('M5 a client whom Telegram does not know under our hash is PEER_UNKNOWN', async () => {
    const session = new FakeSession(owner, {
      'messages.sendMessage': () => {
        throw refusal('PEER_ID_INVALID');
      },
    });
    const failure = await failureOf((await senderOf(session)).send(order()));
    expect([failure?.code, failure?.detail]).to.deep.equal(['PEER_UNKNOWN', '7000000005']);
  });

  it('T1 M7 a desk bot that was removed from its group waits for it, and fails nothing', async () => {
    const session = new FakeSession(desk, {
      'channels.getChannels': () => ({ _: 'messages.chats', chats: [] }),
    });
    const elsewhere = peerOf('channel', 2000000009);
    const failure = await failureOf((await senderOf(session)).send(order({ owner: desk, peer: elsewhere })));
    expect([failure?.code, failure?.detail]).to.deep.equal(['GROUP_UNKNOWN', '-1002000000009']);
  });

  const links: ['ANSWER_LOST' | 'TELEGRAM_UNREACHABLE', string][] = [
    ['ANSWER_LOST', 'the answer was lost after the request had left'],
    ['TELEGRAM_UNREACHABLE', 'the request never left'],
  ];
  for (const [code, title] of links) {
    it(`M1 ${code} when ${title}`, async () => {
      const session = new FakeSession(owner, {
        'messages.sendMessage': () => Promise.reject(new GatewayError(code, 'messages.sendMessage')),
      });
      expect(await codeOf((await senderOf(session)).send(order()))).to.equal(code);
    });
  }
});
