import type { Tl } from '../../types.js';
import type { Account, Channel, Member, Rights } from '../../world/model.js';
import { present } from '../../world/rights.js';
import { accessHash } from '../hashes.js';

const NOBODY = { _: 'chatBannedRights', until_date: 0 };

/** Phones are shown to their owner only. */
export function userTl(viewer: Account, account: Account): Tl {
  const self = viewer.id === account.id;
  return {
    _: 'user',
    id: BigInt(account.id),
    access_hash: accessHash(viewer.id, 'user', account.id),
    first_name: account.firstName,
    ...(self ? { self: true } : {}),
    ...(account.lastName === undefined ? {} : { last_name: account.lastName }),
    ...(account.username === undefined ? {} : { username: account.username }),
    ...(self && account.phone !== undefined ? { phone: account.phone } : {}),
    ...(account.premium ? { premium: true } : {}),
    ...(account.bot ? botFields(account.bot.privacy) : personFields(viewer, account)),
  };
}

/** The channel as the viewer is allowed to know it; `channelForbidden` once it is out of reach. */
export function channelTl(viewer: Account, channel: Channel): Tl {
  const member = present(channel, viewer.id);
  const access_hash = accessHash(viewer.id, 'channel', channel.id);
  const id = BigInt(channel.id);
  const kicked = channel.members.get(viewer.id)?.status === 'kicked';
  const kind = channel.broadcast ? { broadcast: true } : { megagroup: true };
  if (channel.deleted || kicked) {
    return { _: 'channelForbidden', ...kind, id, access_hash, title: channel.title };
  }
  return {
    _: 'channel',
    id,
    access_hash,
    title: channel.title,
    photo: { _: 'chatPhotoEmpty' },
    date: channel.date,
    default_banned_rights: NOBODY,
    participants_count: [...channel.members.keys()].filter((userId) => present(channel, userId)).length,
    ...kind,
    ...(channel.forum ? { forum: true } : {}),
    ...(channel.username === undefined ? {} : { username: channel.username }),
    ...(channel.creatorId === viewer.id ? { creator: true } : {}),
    ...(member ? {} : { left: true }),
    ...(member?.rights ? { admin_rights: rightsTl(member.rights) } : {}),
  };
}

export function rightsTl(rights: Rights): Tl {
  return { _: 'chatAdminRights', ...rights };
}

/** TL ChannelParticipant of a member record, former members included. */
export function participantTl(viewer: Account, member: Member): Tl {
  const user_id = BigInt(member.userId);
  const rank = member.rank === undefined ? {} : { rank: member.rank };
  switch (member.status) {
    case 'creator':
      return {
        _: 'channelParticipantCreator',
        user_id,
        admin_rights: rightsTl(member.rights ?? {}),
        ...rank,
      };
    case 'admin':
      return {
        _: 'channelParticipantAdmin',
        user_id,
        promoted_by: BigInt(member.promotedBy ?? member.inviterId),
        date: member.date,
        admin_rights: rightsTl(member.rights ?? {}),
        ...(member.userId === viewer.id ? { self: true, inviter_id: BigInt(member.inviterId) } : {}),
        ...rank,
      };
    case 'member':
      return member.userId === viewer.id
        ? {
            _: 'channelParticipantSelf',
            user_id,
            inviter_id: BigInt(member.inviterId),
            date: member.date,
          }
        : { _: 'channelParticipant', user_id, date: member.date };
    case 'left':
      return { _: 'channelParticipantLeft', peer: { _: 'peerUser', user_id } };
    case 'kicked':
      return {
        _: 'channelParticipantBanned',
        left: true,
        peer: { _: 'peerUser', user_id },
        kicked_by: BigInt(member.inviterId),
        date: member.date,
        banned_rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 },
      };
  }
}

function botFields(privacy: boolean): Partial<Tl> {
  return { bot: true, bot_info_version: 1, ...(privacy ? {} : { bot_chat_history: true }) };
}

/** The language of others is shown to bots only (Bot API User.language_code comes from there). */
function personFields(viewer: Account, account: Account): Partial<Tl> {
  const language = account.langCode !== undefined && (viewer.bot ?? viewer.id === account.id);
  return { status: { _: 'userStatusRecently' }, ...(language ? { lang_code: account.langCode } : {}) };
}
