import { expect } from 'chai';
import {
  boxOf,
  connectionId,
  deskId,
  dialogId,
  isDesk,
  markedId,
  peerFromMarked,
  peerOf,
  rowId,
} from '../../src/domain/ids.js';

describe('ids', () => {
  it('a marked id names the same peer there and back', () => {
    for (const marked of ['7000000001', '-5', '-1002000000001']) {
      const peer = peerFromMarked(marked);
      expect(peer === undefined ? undefined : markedId(peer)).to.equal(marked);
    }
    expect(peerFromMarked('-1002000000001')).to.equal('channel:2000000001');
  });

  it('a malformed marked id is no peer', () => {
    for (const text of ['', '0', '-', '-0', 'abc', '1.5', '+5', '5 '])
      expect(peerFromMarked(text), text).to.equal(undefined);
  });

  it('channels number their own messages, everything else shares one box', () => {
    expect(boxOf(peerOf('channel', 1))).to.equal('channel:1');
    expect(boxOf(peerOf('user', 1))).to.equal('common');
    expect(boxOf(peerOf('chat', 1))).to.equal('common');
  });

  it('O1 row ids hold no colon, which BullMQ refuses', () => {
    expect(rowId('mirror', connectionId('1'), boxOf(peerOf('channel', 2)), 3)).to.equal(
      'mirror-c1-channel-2-3',
    );
    expect(dialogId(connectionId('1'), peerOf('user', 2))).to.equal('c1-user-2');
  });

  it('a desk is told from a connection', () => {
    expect([isDesk(deskId('1')), isDesk(connectionId('1'))]).to.deep.equal([true, false]);
  });
});
