import { expect } from 'chai';
import { readResult, readTl, readTlPrefix, writeTl } from '../../../src/telegram/tl/codec.js';
import { toLong } from '../../../src/telegram/tl/long.js';
import { TlBinaryWriter } from '@mtcute/tl-runtime';
import { api, layers } from './wire-bodies.js';

describe('the TL codec', () => {
  it('writes what the local Telegram reads, and reads what it writes', () => {
    const bytes = writeTl({
      _: 'messages.sendMessage',
      peer: { _: 'inputPeerUser', userId: 7000000001, accessHash: toLong(1n << 63n) },
      message: 'Grüße 👋',
      randomId: toLong(42n),
      replyTo: { _: 'inputReplyToMessage', replyToMsgId: 7, topMsgId: 5 },
    });
    const { request } = layers.readRequest(Buffer.from(bytes));
    expect(request).to.deep.include({ _: 'messages.sendMessage', message: 'Grüße 👋', random_id: 42n });
    expect(request['peer']).to.deep.include({ user_id: 7000000001n, access_hash: -(1n << 63n) });
    const update = { _: 'updateUserTyping', user_id: 5n, action: { _: 'sendMessageTypingAction' } };
    const read = readTl(api({ _: 'updateShort', update, date: 3 }));
    expect(read).to.deep.equal({
      _: 'updateShort',
      update: {
        _: 'updateUserTyping',
        userId: 5,
        topMsgId: undefined,
        action: { _: 'sendMessageTypingAction' },
      },
      date: 3,
    });
    expect(
      Buffer.from(writeTl(read as Parameters<typeof writeTl>[0])).equals(
        api({ _: 'updateShort', update, date: 3 }),
      ),
    ).to.equal(true);
  });

  it('C5 reads what Telegram still sends in older layers, under its name of today', () => {
    // emojiStatus#929b619d document_id:long, replaced after layer 197.
    const writer = TlBinaryWriter.manual(12);
    writer.uint(0x929b619d);
    writer.int(9);
    writer.int(0);
    expect(readTl(writer.result())).to.have.property('_', 'emojiStatus');
  });

  it('reads bare vectors by their method, and says how long an object is', () => {
    const vector = layers.writeAnswer(223, 'stories.deleteStories', [3, 1, 2]);
    expect(readResult('stories.deleteStories', vector)).to.deep.equal([3, 1, 2]);
    const padded = Buffer.concat([api({ _: 'updatesTooLong' }), Buffer.alloc(7)]);
    expect(readTlPrefix(padded)).to.deep.equal({ object: { _: 'updatesTooLong' }, length: 4 });
  });
});
