import type { Actor } from '../world/actor.js';
import type { Account, BotFacts, Channel, Message, Peer } from '../world/model.js';
import { samePeer } from '../world/place.js';
import { present } from '../world/rights.js';
import type { World } from '../world/world.js';
import { badRequest, BotApiError } from './errors.js';
import { peerOfChatId } from './ids.js';
import type { Params } from './params.js';
import type { Inboxes } from './updates/inboxes.js';

/** One call of one bot. `world` and `bot` make it the eyes of everything rendered for the answer. */
export interface Call {
  readonly world: World;
  readonly bot: Account & { readonly bot: BotFacts };
  readonly actor: Actor;
  readonly params: Params;
  readonly inboxes: Inboxes;
  /** Runs a method that came in the answer to a webhook's update. */
  readonly onWebhookReply: (body: string) => void;
}

/** Answers one method with its result, or throws BotApiError or RpcError. */
export type Method = (call: Call) => unknown;

/** The chat that a parameter names, by id or @username. Throws "chat not found", or 403 for a bot put out. */
export function chatOf(call: Call, name = 'chat_id'): Peer {
  const given = call.params.text(name);
  if (given === undefined) throw badRequest(`${name} is empty`);
  const peer = given.startsWith('@') ? byName(call, given) : peerOfChatId(Number(given));
  if (!peer || !isKnown(call, peer)) throw badRequest('chat not found');
  if (peer.kind === 'channel') requireInside(call, call.world.channel(peer.id));
  return peer;
}

/** The group that `chat_id` names. */
export function groupOf(call: Call): Channel {
  const peer = chatOf(call);
  if (peer.kind === 'user') throw badRequest('method is available for supergroup and channel chats only');
  return call.world.channel(peer.id);
}

/** Those of the ids that are messages of this chat, in the order given. */
export function messagesIn({ world, bot }: Call, peer: Peer, ids: readonly number[]): Message[] {
  const box = peer.kind === 'channel' ? world.channel(peer.id).box : bot.box;
  return ids
    .map((id) => box.messages.get(id))
    .filter((message) => message !== undefined)
    .filter((message) => samePeer(message.peer, peer));
}

export function latestPin({ world, bot }: Call, peer: Peer): Message | undefined {
  const box = peer.kind === 'channel' ? world.channel(peer.id).box : bot.box;
  return [...box.messages.values()].findLast(
    (message) => message.body.pinned && samePeer(message.peer, peer),
  );
}

/** A bot knows whom it has met: in its private chats, or in a group. */
export function hasMet({ world, bot }: Call, userId: number): boolean {
  if (userId === bot.id || bot.dialogs.has(`user:${userId}`)) return true;
  return [...world.channels.values()].some(
    (channel) => channel.members.has(bot.id) && channel.members.has(userId),
  );
}

function byName({ world }: Call, name: string): Peer | undefined {
  const found = world.byUsername(name);
  return found && !('dialogs' in found) ? { kind: 'channel', id: found.id } : undefined;
}

function isKnown(call: Call, peer: Peer): boolean {
  if (peer.kind === 'user') return call.world.accounts.has(peer.id) && hasMet(call, peer.id);
  const channel = call.world.channels.get(peer.id);
  return channel !== undefined && (channel.username !== undefined || channel.members.has(call.bot.id));
}

function requireInside({ bot }: Call, channel: Channel): void {
  if (present(channel, bot.id)) return;
  const kind = channel.broadcast ? 'channel' : 'supergroup';
  const kicked = channel.members.get(bot.id)?.status === 'kicked';
  const what = kicked ? `bot was kicked from the ${kind} chat` : `bot is not a member of the ${kind} chat`;
  throw new BotApiError(403, `Forbidden: ${what}`);
}
