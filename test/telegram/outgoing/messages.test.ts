import { expect } from 'chai';

import { peerOf } from '../../../src/domain/ids.js';
import type { SendOrder } from '../../../src/ports/telegram.js';
import { long } from '../../../src/telegram/tl/long.js';
import { codeOf } from './code-of.js';
import { FakeSession, refusal } from './fake-session.js';
import { clientInput, desk, group, numbered, order, owner, senderOf, short, text } from './orders.js';

describe('outgoing: messages', () => {
  it('M5 an answer goes out under the given random id and its message id comes back', async () => {
    const session = new FakeSession(owner, { 'messages.sendMessage': () => short });
    const sender = await senderOf(session);
    expect(await sender.send(order())).to.deep.equal([77]);
    expect(session.calls).to.deep.equal([
      {
        _: 'messages.sendMessage',
        peer: clientInput,
        message: 'Hello',
        randomId: long('-8000000000000000001'),
      },
    ]);
  });

  const places: [string, Partial<SendOrder>, object | undefined][] = [
    ['a private message stands alone', {}, undefined],
    ['a private reply names its message', { replyTo: 4 }, { replyToMsgId: 4 }],
    ['a post stands in its topic', { topic: 10 }, { replyToMsgId: 10 }],
    ['a reply in a topic names both', { topic: 10, replyTo: 12 }, { replyToMsgId: 12, topMsgId: 10 }],
  ];
  for (const [title, fields, header] of places) {
    it(`M1 M5 ${title}`, async () => {
      const session = new FakeSession(owner, { 'messages.sendMessage': () => short });
      await (await senderOf(session)).send(order(fields));
      const expected = header === undefined ? undefined : { _: 'inputReplyToMessage', ...header };
      expect(session.sent('messages.sendMessage')[0]?.replyTo).to.deep.equal(expected);
    });
  }

  it('M5 when the answered message has vanished, the answer arrives without the reply', async () => {
    const session = new FakeSession(desk, {
      'messages.sendMessage': ({ replyTo }) => {
        if (replyTo?._ === 'inputReplyToMessage' && replyTo.replyToMsgId === 12)
          throw refusal('REPLY_MESSAGE_ID_INVALID');
        return short;
      },
    });
    const sender = await senderOf(session);
    expect(await sender.send(order({ owner: desk, peer: group, topic: 10, replyTo: 12 }))).to.deep.equal([
      77,
    ]);
    expect(session.sent('messages.sendMessage').map(({ replyTo }) => replyTo)).to.deep.equal([
      { _: 'inputReplyToMessage', replyToMsgId: 12, topMsgId: 10 },
      { _: 'inputReplyToMessage', replyToMsgId: 10 },
    ]);
  });

  it('M2 a mention by name addresses a client the sender knows, and links to one it does not', async () => {
    const session = new FakeSession(owner, { 'messages.sendMessage': () => short });
    const mention = (user: string, offset: number) =>
      ({ kind: 'mention-name', offset, length: 3, user: peerOf('user', user) }) as const;
    const entities = [mention('7000000005', 0), mention('7000000006', 4)];
    const part = { ...text(''), content: { text: { text: 'Ann Bob', entities } } };
    await (await senderOf(session)).send(order({ parts: [part] }));
    expect(session.sent('messages.sendMessage')[0]?.entities).to.deep.equal([
      {
        _: 'inputMessageEntityMentionName',
        offset: 0,
        length: 3,
        userId: { _: 'inputUser', userId: 7000000005, accessHash: long('-9') },
      },
      { _: 'messageEntityTextUrl', offset: 4, length: 3, url: 'tg://user?id=7000000006' },
    ]);
  });

  it('M5 what holds nothing to send is refused before anything leaves', async () => {
    const session = new FakeSession(owner, {});
    const sender = await senderOf(session);
    expect(await codeOf(sender.send(order({ parts: [text('  ')] })))).to.equal('CONTENT_UNSUPPORTED');
    expect(await codeOf(sender.send(order({ peer: peerOf('user', 1) })))).to.equal('PEER_UNKNOWN');
    expect(await codeOf(sender.send(order({ owner: desk })))).to.equal('TELEGRAM_UNREACHABLE');
    expect(session.calls).to.deep.equal([]);
  });

  it('M1 an answer of Telegram without our id means: sent, and the id follows', async () => {
    const session = new FakeSession(owner, { 'messages.sendMessage': () => numbered(['1', 5]) });
    expect(await codeOf((await senderOf(session)).send(order()))).to.equal('ALREADY_SENT');
  });
});
