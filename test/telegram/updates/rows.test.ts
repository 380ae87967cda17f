import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { commonBox, connectionId } from '../../../src/domain/ids.js';
import { normaliseUpdate } from '../../../src/telegram/normalise/update.js';
import { writeRows, type RowContext } from '../../../src/telegram/updates/rows.js';
import type { Item } from '../../../src/telegram/updates/state.js';
import { readTl, writeTl } from '../../../src/telegram/tl/codec.js';

const context: RowContext = {
  settings: { owner: connectionId('1'), layer: 223 },
  ports: { normalise: normaliseUpdate, serialise: writeTl },
};

function item(update: tl.TypeUpdate): Item {
  return {
    update,
    box: commonBox,
    source: 'push',
    receivedAt: 1000,
    along: { users: new Map(), chats: new Map() },
  };
}

/** `messageActionGiftPremium` as layer 216 wrote it: months, where today's layer wants days. */
function oldGift(): tl.TypeMessageAction {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32LE(0x6c6274fa, 0);
  bytes[8] = 3;
  bytes.write('USD', 9);
  bytes.writeUInt32LE(100, 12);
  bytes.writeUInt32LE(12, 20);
  return readTl(bytes) as tl.TypeMessageAction;
}

function edit(text: string): tl.TypeUpdate {
  return {
    _: 'updateEditMessage',
    pts: 0,
    ptsCount: 0,
    message: {
      _: 'message',
      id: 5,
      peerId: { _: 'peerUser', userId: 11 },
      date: 1,
      editDate: 2,
      message: text,
    },
  };
}

describe('rows of the journal', () => {
  it('M1 a message of an older layer that today’s cannot write is journaled all the same, without its bytes', () => {
    const message: tl.TypeMessage = {
      _: 'messageService',
      id: 5,
      peerId: { _: 'peerUser', userId: 11 },
      date: 1,
      action: oldGift(),
    };
    const update: tl.TypeUpdate = { _: 'updateNewMessage', pts: 1, ptsCount: 1, message };
    expect(() => writeTl(update)).to.throw();
    const { rows, holes } = writeRows([item(update)], context);
    expect(holes).to.deep.equal([]);
    expect(rows.map(({ _id, tl }) => [_id, tl.length])).to.deep.equal([['c1-n-common-5', 0]]);
    expect(rows[0]?.event).to.include({ kind: 'message', msgId: 5 });
  });

  it('P5 two edits that cannot be written stay two, and one that comes twice stays one', () => {
    const ports = {
      ...context.ports,
      serialise: () => {
        throw new Error('an older layer');
      },
    };
    const { rows } = writeRows(
      ['a', 'b', 'a'].map((text) => item(edit(text))),
      { ...context, ports },
    );
    const [a, b, again] = rows.map(({ _id }) => _id);
    expect([a === b, a === again]).to.deep.equal([false, true]);
  });
});
