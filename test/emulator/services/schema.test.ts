import { expect } from 'chai';
import type { Caller } from '../mtproto/server.js';
import { Layers } from '../schema/layers.js';
import type { Tl, TlValue } from '../types.js';
import type { Account, Peer } from '../world/model.js';
import { World } from '../world/world.js';
import type { Desk } from './ask.js';
import { handlers } from './handlers.js';
import { accessHash } from './hashes.js';
import { Logins } from './login/logins.js';
import { pushAll } from './pushes.js';

const layers = Layers.installed();
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000400000002008060000', 'hex');

/** Handlers without a wire: every answer and push is written and read back in both layers. */
function bench() {
  const world = new World({ limits: { enabled: false } });
  const anna = world.createUser({ firstName: 'Anna', phone: '49151', username: 'anna', password: 'x' });
  const bot = world.createBot({ firstName: 'Desk', username: 'desk_bot' });
  const group = world.createGroup({ title: 'G', creator: anna.id, forum: true, admins: [{ id: bot.id }] });
  const pushed: Tl[] = [];
  const both = (write: (layer: number) => Buffer | undefined): Tl => {
    write(198);
    return layers.read(write(223) ?? Buffer.alloc(0));
  };
  const desk: Desk = {
    world,
    logins: new Logins(world.clock),
    dcs: [2],
    difference: { slice: 100, tooLong: 1000, channelTooLong: 50, short: true },
    addressOf: () => ({ host: '127.0.0.1', port: 1 }),
    wire: {
      push: (_user, updates) => void pushed.push(both((layer) => layers.write(layer, updates))),
      pushTo: (_key, updates) => void pushed.push(both((layer) => layers.write(layer, updates))),
    },
  };
  pushAll(desk);
  const table = handlers(desk);
  const callerOf = (account: Account | undefined): Caller => ({
    authKeyId: '0102030405060708',
    sessionId: '1',
    layer: 223,
    dc: 2,
    userId: account && BigInt(account.id),
    device: undefined,
    address: '127.0.0.1',
    scratch: new Map(),
    bind: () => undefined,
    unbind: () => undefined,
  });
  const ask = async (who: Account | undefined, name: string, request: Partial<Tl> = {}): Promise<TlValue> => {
    const answer = await table[name]?.(callerOf(who), { ...request, _: name });
    if (typeof answer === 'object' && !Array.isArray(answer))
      both((layer) => layers.writeAnswer(layer, name, answer));
    else layers.writeAnswer(223, name, answer);
    return answer;
  };
  const input = (viewer: Account, peer: Peer, kind: 'Peer' | 'bare' = 'Peer'): Tl => {
    const access_hash = accessHash(viewer.id, peer.kind, peer.id);
    const id = BigInt(peer.id);
    if (peer.kind === 'user') {
      return { _: kind === 'Peer' ? 'inputPeerUser' : 'inputUser', user_id: id, access_hash };
    }
    return { _: kind === 'Peer' ? 'inputPeerChannel' : 'inputChannel', channel_id: id, access_hash };
  };
  return { world, anna, bot, group, pushed, ask, input };
}

describe('answers of the handlers, written in layers 198 and 223', () => {
  it('O2 what needs no account', async () => {
    const { ask } = bench();
    for (const name of [
      'help.getConfig',
      'help.getNearestDc',
      'help.getPromoData',
      'auth.dropTempAuthKeys',
    ]) {
      await ask(undefined, name);
    }
    await ask(undefined, 'auth.sendCode', { phone_number: '49151' });
    await ask(undefined, 'auth.exportLoginToken');
    const refused = await ask(undefined, 'updates.getState').catch((error: unknown) => String(error));
    expect(refused).to.contain('AUTH_KEY_UNREGISTERED');
  });

  it('O2 every kind of event, pushed and in differences', async () => {
    const { world, anna, bot, group, pushed, ask, input } = bench();
    const place = { kind: 'channel' as const, id: group.id };
    const [hands, desk] = [world.actAs(anna), world.actAs(bot)];
    const start = await ask(anna, 'updates.getState');
    const { pts, date } = start as Tl;
    const markup = {
      _: 'replyInlineMarkup',
      rows: [
        {
          _: 'keyboardButtonRow',
          buttons: [{ _: 'keyboardButtonCallback', text: 'b', data: Buffer.from('b') }],
        },
      ],
    };
    hands.send({ kind: 'user', id: bot.id }, { text: '/start' });
    const button = desk.send({ kind: 'user', id: anna.id }, { text: 'press', markup });
    hands.press({ kind: 'user', id: bot.id }, 2, Buffer.from('b'));
    desk.edit({ kind: 'user', id: anna.id }, button.id, { text: 'pressed', markup: null });
    hands.read({ kind: 'user', id: bot.id }, 2);
    hands.typing({ kind: 'user', id: bot.id });
    desk.typing({ kind: 'user', id: anna.id });
    const topic = desk.createTopic(group.id, { title: 'T', randomId: 5n });
    const photo = { kind: 'photo' as const, file: world.files.photo([PNG]) };
    const post = hands.send(place, { text: 'c', media: photo, topic: topic.id });
    hands.react(place, post.id, [{ _: 'reactionEmoji', emoticon: '👍' }]);
    desk.pin(place, post.id);
    desk.forward(place, [post.id], place, { topic: topic.id });
    desk.editTopic(group.id, topic.id, { closed: true, title: 'U' });
    desk.pinTopic(group.id, topic.id, true);
    hands.read(place, post.id);
    hands.delete(place, [post.id]);
    const third = world.createUser({ firstName: 'Third' });
    hands.invite(group.id, [third.id]);
    hands.promote(group.id, third.id, { pin_messages: true }, 'helper');
    world.actAs(third).leave(group.id);
    hands.rename(group.id, 'H');
    hands.block(bot.id);
    hands.block(bot.id, false);
    hands.introduce({ firstName: 'Ann' });
    desk.deleteTopic(group.id, topic.id);
    const inside = (one: Tl): Tl[] => [one['updates'] ?? [], one['update'] ?? []].flat() as Tl[];
    const names = pushed.flatMap((one) => [one, ...inside(one)]).map(({ _ }) => _);
    for (const name of [
      'updateShort',
      'updateNewMessage',
      'updateEditMessage',
      'updateBotCallbackQuery',
      'updateReadHistoryInbox',
      'updateUserTyping',
      'updateNewChannelMessage',
      'updateMessageReactions',
      'updateBotMessageReaction',
      'updatePinnedChannelMessages',
      'updatePinnedForumTopic',
      'updateReadChannelInbox',
      'updateDeleteChannelMessages',
      'updateChannelParticipant',
      'updateChannel',
      'updateBotStopped',
      'updatePeerBlocked',
      'updateUserName',
    ]) {
      expect(names, name).to.include(name);
    }
    for (const who of [anna, bot]) {
      const since = { pts: who === anna ? pts : 1, date, qts: 0 };
      const difference = (await ask(who, 'updates.getDifference', since)) as Tl;
      expect(difference._).to.equal('updates.difference');
      const hints = (difference['other_updates'] as Tl[]).map(({ _ }) => _);
      expect(hints).to.include('updateChannelTooLong');
      const channel = input(who, place, 'bare');
      const filter = { _: 'channelMessagesFilterEmpty' };
      const request = { channel, filter, pts: 1, limit: 100 };
      expect(((await ask(who, 'updates.getChannelDifference', request)) as Tl)._).to.equal(
        'updates.channelDifference',
      );
    }
  });

  it('O2 lists and histories', async () => {
    const { world, anna, bot, group, ask, input } = bench();
    const place = { kind: 'channel' as const, id: group.id };
    const channel = input(anna, place, 'bare');
    const peer = input(anna, place);
    world.actAs(anna).send({ kind: 'user', id: bot.id }, { text: 'hi' });
    for (const text of ['a', 'b', 'c']) world.actAs(anna).send(place, { text });
    const page = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 2, max_id: 0, min_id: 0, hash: 0n };
    const history = (await ask(anna, 'messages.getHistory', { peer, ...page })) as Tl;
    expect((history['messages'] as Tl[]).map((message) => message['message'])).to.deep.equal(['c', 'b']);
    const empty = { _: 'inputPeerEmpty' };
    const dialogs = await ask(anna, 'messages.getDialogs', {
      offset_date: 0,
      offset_id: 0,
      offset_peer: empty,
      limit: 10,
      hash: 0n,
    });
    expect((dialogs as Tl)['dialogs']).to.have.length(2);
    await ask(anna, 'messages.getPeerDialogs', { peers: [{ _: 'inputDialogPeer', peer }] });
    await ask(anna, 'channels.getFullChannel', { channel });
    await ask(anna, 'channels.getParticipants', {
      channel,
      filter: { _: 'channelParticipantsRecent' },
      offset: 0,
      limit: 10,
      hash: 0n,
    });
    await ask(anna, 'channels.getParticipant', { channel, participant: { _: 'inputPeerSelf' } });
    await ask(bot, 'messages.getForumTopics', {
      peer: input(bot, place),
      offset_date: 0,
      offset_id: 0,
      offset_topic: 0,
      limit: 10,
    });
    await ask(anna, 'channels.getForumTopicsByID', { channel, topics: [1, 77] });
    await ask(bot, 'messages.getMessages', { id: [{ _: 'inputMessageID', id: 1 }] });
    await ask(bot, 'channels.getMessages', {
      channel: input(bot, place, 'bare'),
      id: [
        { _: 'inputMessageID', id: 2 },
        { _: 'inputMessageID', id: 99 },
      ],
    });
    await ask(anna, 'users.getFullUser', { id: input(anna, { kind: 'user', id: bot.id }, 'bare') });
    await ask(anna, 'users.getUsers', { id: [{ _: 'inputUserSelf' }, { _: 'inputUserEmpty' }] });
    await ask(anna, 'contacts.resolveUsername', { username: 'desk_bot' });
    await ask(anna, 'account.getPassword');
  });

  it('O2 a channel too far behind answers channelDifferenceTooLong', async () => {
    const { world, anna, group, ask, input } = bench();
    const place = { kind: 'channel' as const, id: group.id };
    for (let n = 0; n < 60; n += 1) world.actAs(anna).send(place, { text: String(n) });
    const request = {
      channel: input(anna, place, 'bare'),
      filter: { _: 'channelMessagesFilterEmpty' },
      pts: 1,
      limit: 100,
    };
    const answer = (await ask(anna, 'updates.getChannelDifference', request)) as Tl;
    expect(answer._).to.equal('updates.channelDifferenceTooLong');
    expect((answer['dialog'] as Tl)['pts']).to.equal(group.box.pts);
  });
});
