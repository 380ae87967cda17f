import { RpcError, type Tl } from '../../types.js';
import type { Account, Message, Peer } from '../model.js';
import { ends, messageAt, placeOf, type Place } from '../place.js';
import { isAdmin } from '../rights.js';
import type { Turn } from '../turn.js';
import { seesBody } from '../visibility.js';

/** Reactions that everybody may use (core.telegram.org/bots/api#reactiontypeemoji). */
const STANDARD = new Set(
  (
    '❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 ' +
    '🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡'
  ).split(' '),
);

export function react(turn: Turn, peer: Peer, id: number, reactions: Tl[], big: boolean): Message {
  const place = placeOf(turn, peer);
  const message = messageAt(place, id);
  requireAllowed(turn.self, reactions);
  const { body } = message;
  const before = body.reactions.get(turn.self.id)?.reactions ?? [];
  const date = turn.world.now();
  if (reactions.length === 0) body.reactions.delete(turn.self.id);
  else body.reactions.set(turn.self.id, { reactions, date, ...(big ? { big: true as const } : {}) });
  for (const account of audience(turn, place)) {
    tellOne(turn, account, message, { before, after: reactions, date });
  }
  return message;
}

function requireAllowed(self: Account, reactions: Tl[]): void {
  if (reactions.length > (self.premium ? 3 : 1)) throw new RpcError(400, 'REACTIONS_TOO_MANY');
  for (const reaction of reactions) {
    const emoticon = reaction['emoticon'];
    const known = typeof emoticon === 'string' && STANDARD.has(emoticon.replace(/\ufe0f/g, ''));
    const custom = reaction._ === 'reactionCustomEmoji' && self.premium === true;
    if (!known && !custom) throw new RpcError(400, 'REACTION_INVALID');
  }
}

function audience(turn: Turn, place: Place): Iterable<Account> {
  return place.kind === 'channel' ? turn.members(place.channel) : ends(turn, place.other);
}

/** People get the state, bots (in groups only admins) the change, but never one made by a bot. */
function tellOne(
  turn: Turn,
  account: Account,
  message: Message,
  change: { before: Tl[]; after: Tl[]; date: number },
): void {
  const owned = message.box.owner.kind === 'channel' ? message.box : account.box;
  const copy = owned.messages.get(message.body.copies.get(owned) ?? -1);
  if (!copy) return;
  if (!account.bot) {
    turn.tell(account.id, { kind: 'reactions', message: copy });
    return;
  }
  if (turn.self.bot) return;
  const group = copy.peer.kind === 'channel' ? turn.world.channel(copy.peer.id) : undefined;
  if (group && !(isAdmin(group, account.id) && seesBody(account, group, copy.body))) return;
  turn.onQts(account, { kind: 'bot-reaction', message: copy, actorId: turn.self.id, ...change });
}
