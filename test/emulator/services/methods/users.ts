import { RpcError, type Tl } from '../../types.js';
import type { Account } from '../../world/model.js';
import { present } from '../../world/rights.js';
import type { Signed, SignedAsk } from '../ask.js';
import { objects, text } from '../fields.js';
import { inputPeer, inputUser, userOf } from '../peers.js';
import { userTl } from '../render/peers.js';

export const USERS: Readonly<Record<string, Signed>> = {
  'users.getUsers': (ask) =>
    objects(ask.request, 'id').map((input) => {
      try {
        return userTl(ask.self, inputUser(ask, input));
      } catch (error) {
        // One unknown user spoils nothing: the others come, he is empty.
        if (!(error instanceof RpcError)) throw error;
        return { _: 'userEmpty', id: input['user_id'] ?? 0n };
      }
    }),
  'users.getFullUser': getFullUser,
  'contacts.resolveUsername': (ask) => {
    const found = ask.world.byUsername(text(ask.request, 'username'));
    if (!found) throw new RpcError(400, 'USERNAME_NOT_OCCUPIED');
    const peer = 'members' in found ? ask.view.channel(found.id) : ask.view.user(found.id);
    return { _: 'contacts.resolvedPeer', peer, ...ask.view.company };
  },
  'contacts.resolvePhone': (ask) => {
    const found = ask.world.byPhone(text(ask.request, 'phone'));
    if (!found) throw new RpcError(400, 'PHONE_NOT_OCCUPIED');
    return { _: 'contacts.resolvedPeer', peer: ask.view.user(found.id), ...ask.view.company };
  },
  'messages.getCommonChats': (ask) => {
    const other = userOf(ask, 'user_id');
    for (const channel of ask.world.channels.values()) {
      if (present(channel, ask.self.id) && present(channel, other.id)) ask.view.channel(channel.id);
    }
    return { _: 'messages.chats', chats: ask.view.chats };
  },
  'contacts.block': (ask) => {
    ask.actor.block(inputPeer(ask, ask.request['id'] as Tl).id, true);
    return true;
  },
  'contacts.unblock': (ask) => {
    ask.actor.block(inputPeer(ask, ask.request['id'] as Tl).id, false);
    return true;
  },
  'account.updateStatus': () => true,
};

function getFullUser(ask: SignedAsk): Tl {
  const account = userOf(ask, 'id');
  ask.view.mention(account.id);
  const full: Tl = {
    _: 'userFull',
    id: BigInt(account.id),
    settings: { _: 'peerSettings' },
    notify_settings: { _: 'peerNotifySettings' },
    common_chats_count: [...ask.world.channels.values()].filter(
      (channel) => present(channel, ask.self.id) && present(channel, account.id),
    ).length,
    can_pin_message: true,
    ...(ask.self.blocked.has(account.id) ? { blocked: true } : {}),
    ...(account.bot ? botPart(account) : {}),
  };
  return { _: 'users.userFull', full_user: full, ...ask.view.company };
}

function botPart(account: Account): Partial<Tl> {
  const { about, description, commands } = account.bot ?? {};
  return {
    ...(about === undefined ? {} : { about }),
    bot_info: {
      _: 'botInfo',
      user_id: BigInt(account.id),
      ...(description === undefined ? {} : { description }),
      commands: commands?.get('botCommandScopeDefault|') ?? [],
      menu_button: account.bot?.menuButton ?? { _: 'botMenuButtonDefault' },
    },
  };
}
