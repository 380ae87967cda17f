import { RpcError, type Tl } from '../../types.js';
import type { Channel, Member, Rights } from '../../world/model.js';
import { channelPeer, dialogOf } from '../../world/place.js';
import { isAdmin, present } from '../../world/rights.js';
import type { Signed, SignedAsk } from '../ask.js';
import { flag, int, maybeBool, maybeText, object, objects, text } from '../fields.js';
import { channelOf, inputChannel, inputPeer, inputUser, userOf } from '../peers.js';
import { containerTl } from '../render/container.js';
import { participantTl } from '../render/peers.js';
import { unreadIn } from './history.js';

export const CHANNELS: Readonly<Record<string, Signed>> = {
  'channels.getChannels': (ask) => {
    for (const input of objects(ask.request, 'id')) ask.view.channel(inputChannel(ask, input).id);
    return { _: 'messages.chats', chats: ask.view.chats };
  },
  'channels.getFullChannel': getFullChannel,
  'channels.getParticipant': (ask) => {
    const channel = channelOf(ask);
    const peer = inputPeer(ask, object(ask.request, 'participant'));
    const member = channel.members.get(peer.id);
    if (!member || !present(channel, ask.self.id)) throw new RpcError(400, 'USER_NOT_PARTICIPANT');
    ask.view.mention(peer.id);
    const participant = participantTl(ask.self, member);
    return { _: 'channels.channelParticipant', participant, ...ask.view.company };
  },
  'channels.getParticipants': getParticipants,
  'channels.createChannel': (ask) => {
    const { request } = ask;
    ask.actor.createChannel({
      title: text(request, 'title'),
      about: text(request, 'about'),
      broadcast: flag(request, 'broadcast'),
      forum: flag(request, 'forum'),
    });
    return own(ask);
  },
  'channels.inviteToChannel': (ask) => {
    const users = objects(ask.request, 'users').map((input) => inputUser(ask, input).id);
    ask.actor.invite(channelOf(ask).id, users);
    return { _: 'messages.invitedUsers', updates: own(ask), missing_invitees: [] };
  },
  'channels.joinChannel': (ask) => {
    ask.actor.join(channelOf(ask).id);
    return own(ask);
  },
  'channels.leaveChannel': (ask) => {
    ask.actor.leave(channelOf(ask).id);
    return own(ask);
  },
  'channels.editAdmin': (ask) => {
    const rights = rightsOf(object(ask.request, 'admin_rights'));
    const rank = maybeText(ask.request, 'rank');
    ask.actor.promote(channelOf(ask).id, userOf(ask, 'user_id').id, rights, rank);
    return own(ask);
  },
  'channels.editBanned': (ask) => {
    const banned = object(ask.request, 'banned_rights');
    if (!flag(banned, 'view_messages')) throw new RpcError(400, 'not implemented: partial bans');
    ask.actor.kick(channelOf(ask).id, inputPeer(ask, object(ask.request, 'participant')).id);
    return own(ask);
  },
  'channels.editTitle': (ask) => {
    ask.actor.rename(channelOf(ask).id, text(ask.request, 'title'));
    return own(ask);
  },
  'channels.toggleForum': (ask) => {
    ask.actor.toggleForum(channelOf(ask).id, maybeBool(ask.request, 'enabled') === true);
    return own(ask);
  },
  'channels.deleteChannel': (ask) => {
    ask.actor.deleteChannel(channelOf(ask).id);
    return own(ask);
  },
};

function own(ask: SignedAsk): Tl {
  return containerTl(ask.view, ask.actor.own);
}

function rightsOf(input: Tl): Rights {
  const names = Object.entries(input).filter(([name, value]) => name !== '_' && value === true);
  return Object.fromEntries(names);
}

function getFullChannel(ask: SignedAsk): Tl {
  const channel = channelOf(ask);
  ask.view.channel(channel.id);
  const members = membersOf(channel);
  const read = dialogOf(ask.self, channelPeer(channel.id));
  const bots = members.filter(({ userId }) => ask.world.accounts.get(userId)?.bot);
  for (const { userId } of bots) ask.view.mention(userId);
  const full: Tl = {
    _: 'channelFull',
    id: BigInt(channel.id),
    about: channel.about,
    can_view_participants: true,
    participants_count: members.length,
    admins_count: members.filter(({ userId }) => isAdmin(channel, userId)).length,
    read_inbox_max_id: read.readInboxMaxId,
    read_outbox_max_id: read.readOutboxMaxId,
    unread_count: unreadIn(channel, read.readInboxMaxId),
    chat_photo: { _: 'photoEmpty', id: 0n },
    notify_settings: { _: 'peerNotifySettings' },
    bot_info: bots.map(({ userId }) => ({ _: 'botInfo', user_id: BigInt(userId) })),
    pts: channel.box.pts,
  };
  return { _: 'messages.chatFull', full_chat: full, ...ask.view.company };
}

function getParticipants(ask: SignedAsk): Tl {
  const channel = channelOf(ask);
  const filter = object(ask.request, 'filter');
  const isBot = ({ userId }: Member): boolean => ask.world.accounts.get(userId)?.bot !== undefined;
  const found = [...channel.members.values()].filter((member) => {
    if (filter._ === 'channelParticipantsKicked') return member.status === 'kicked';
    if (!present(channel, member.userId)) return false;
    if (filter._ === 'channelParticipantsAdmins') return isAdmin(channel, member.userId);
    return filter._ !== 'channelParticipantsBots' || isBot(member);
  });
  const offset = int(ask.request, 'offset');
  const page = found.slice(offset, offset + Math.min(int(ask.request, 'limit'), 200));
  for (const { userId } of page) ask.view.mention(userId);
  ask.view.channel(channel.id);
  const participants = page.map((member) => participantTl(ask.self, member));
  return { _: 'channels.channelParticipants', count: found.length, participants, ...ask.view.company };
}

function membersOf(channel: Channel): Member[] {
  return [...channel.members.values()].filter(({ userId }) => present(channel, userId));
}
