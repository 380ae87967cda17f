import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import { connectionId, deskId, peerOf } from '../../../src/domain/ids.js';
import { createGroupCheck } from '../../../src/telegram/peers/group-check.js';
import { createPeerDirectory, type PeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { Recent } from '../../../src/telegram/peers/recent.js';
import { long } from '../../../src/telegram/tl/long.js';
import { FakeSession, PeersInMemory, refusal, sessionsOf } from '../outgoing/fake-session.js';
import { forum } from '../normalise/wire.js';
import { codeOf } from '../outgoing/code-of.js';

const owner = connectionId('7000000001');
const desk = deskId('7000000002');
const client = peerOf('user', 7000000005);
const group = peerOf('channel', forum.id);
const ann: tl.RawUser = { _: 'user', id: 7000000005, firstName: 'Ann', accessHash: long('-9') };

function directoryOf(peers: PeersInMemory, ...sessions: FakeSession[]): PeerDirectory {
  return createPeerDirectory({ peers, sessionOf: sessionsOf(...sessions) });
}

describe('peers: addressing', () => {
  it('M5 a client that was met is addressed by the hash of the session that met them', async () => {
    const directory = directoryOf(new PeersInMemory());
    await directory.save(owner, [ann], []);
    expect(await directory.inputPeer(owner, client)).to.deep.equal({
      _: 'inputPeerUser',
      userId: 7000000005,
      accessHash: long('-9'),
    });
    expect(await codeOf(directory.inputPeer(desk, client))).to.equal('PEER_UNKNOWN');
  });

  it('M5 a hash is read from the store once, and after a restart again', async () => {
    const peers = new PeersInMemory();
    await directoryOf(peers).save(owner, [ann], []);
    const directory = directoryOf(peers);
    expect(directory.knows(owner, client)).to.equal(false);
    await directory.inputUser(owner, client);
    await directory.inputUser(owner, client);
    expect(peers.reads).to.equal(1);
    expect(directory.knows(owner, client)).to.equal(true);
  });

  it('M5 a shortened peer is not written to, and does not displace what was known', async () => {
    const min = { ...ann, min: true, accessHash: long('5') };
    const fresh = directoryOf(new PeersInMemory());
    await fresh.save(owner, [min], []);
    expect(await codeOf(fresh.inputPeer(owner, client))).to.equal('PEER_UNKNOWN');
    const met = directoryOf(new PeersInMemory());
    await met.save(owner, [ann], []);
    await met.save(owner, [min], []);
    expect(await met.inputUser(owner, client)).to.deep.include({ accessHash: long('-9') });
  });

  it('M5 the account itself and basic groups need no hash', async () => {
    const directory = directoryOf(new PeersInMemory());
    expect(await directory.inputPeer(owner, peerOf('user', 7000000001))).to.deep.equal({
      _: 'inputPeerSelf',
    });
    expect(await directory.inputPeer(owner, peerOf('chat', 300))).to.deep.equal({
      _: 'inputPeerChat',
      chatId: 300,
    });
  });

  it('T1 a bot that never saw its group asks for it with hash 0, once', async () => {
    const session = new FakeSession(desk, {
      'channels.getChannels': () => ({ _: 'messages.chats', chats: [forum] }),
    });
    const directory = directoryOf(new PeersInMemory(), session);
    const expected = { _: 'inputChannel', channelId: forum.id, accessHash: long('-77') };
    expect(await directory.inputChannel(desk, group)).to.deep.equal(expected);
    expect(await directory.inputPeer(desk, group)).to.deep.equal({ ...expected, _: 'inputPeerChannel' });
    expect(session.sent('channels.getChannels').map(({ id }) => id)).to.deep.equal([
      [{ _: 'inputChannel', channelId: forum.id, accessHash: long('0') }],
    ]);
  });

  it('T1 an account may not ask with hash 0, and a group that shows nothing is unknown', async () => {
    const account = new FakeSession(owner, {}, 'account');
    const bot = new FakeSession(desk, {
      'channels.getChannels': () => {
        throw refusal('CHANNEL_INVALID');
      },
    });
    const directory = directoryOf(new PeersInMemory(), account, bot);
    expect(await codeOf(directory.inputChannel(owner, group))).to.equal('PEER_UNKNOWN');
    expect(await codeOf(directory.inputChannel(desk, group))).to.equal('PEER_UNKNOWN');
  });

  it('M5 memory is bounded: what was not used for longest is forgotten', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).to.deep.equal([1, undefined, 3]);
  });
});

describe('peers: the backend group', () => {
  const rights: tl.RawChatAdminRights = { _: 'chatAdminRights', manageTopics: true };
  const check = (channel: tl.TypeChat): Promise<string> => {
    const session = new FakeSession(desk, {
      'channels.getChannels': () => ({ _: 'messages.chats', chats: [channel] }),
    });
    return createGroupCheck(directoryOf(new PeersInMemory(), session)).checkGroup(desk, group);
  };

  it('T1 a forum where the bot manages topics passes, by its title', async () => {
    expect(await check({ ...forum, adminRights: rights })).to.equal('Support');
  });

  const refused: [string, tl.TypeChat, string][] = [
    ['no such group', { _: 'chatEmpty', id: 1 }, 'GROUP_UNKNOWN'],
    ['the bot has left', { ...forum, left: true }, 'GROUP_UNKNOWN'],
    [
      'the bot was banned',
      { _: 'channelForbidden', id: forum.id, accessHash: long('1'), title: 'Support' },
      'GROUP_UNKNOWN',
    ],
    ['topics are off', { ...forum, forum: false, adminRights: rights }, 'GROUP_NOT_FORUM'],
    ['the bot is a mere member', forum, 'GROUP_RIGHTS'],
    [
      'the bot may not manage topics',
      { ...forum, adminRights: { _: 'chatAdminRights', pinMessages: true } },
      'GROUP_RIGHTS',
    ],
  ];
  for (const [title, channel, code] of refused) {
    it(`T1 ${title}: ${code}`, async () => {
      expect(await codeOf(check(channel))).to.equal(code);
    });
  }

  it('T1 a basic group can’t be a backend group', async () => {
    const directory = directoryOf(new PeersInMemory());
    const checking = createGroupCheck(directory).checkGroup(desk, peerOf('chat', 5));
    expect(await codeOf(checking)).to.equal('GROUP_UNKNOWN');
  });
});
