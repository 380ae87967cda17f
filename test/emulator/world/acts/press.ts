import { createHash } from 'node:crypto';
import { RpcError, type Tl } from '../../types.js';
import type { CallbackQuery, Message, Peer } from '../model.js';
import { messageAt, peerKey, placeOf } from '../place.js';
import type { Turn } from '../turn.js';

/** The bot that wrote the message gets a callback event; `world.callbacks.wait` has its answer. */
export function press(turn: Turn, peer: Peer, id: number, data: Buffer): CallbackQuery {
  const message = messageAt(placeOf(turn, peer), id);
  const bot = turn.world.account(message.body.authorId);
  if (!bot.bot || turn.self.bot) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  if (!buttons(message).some((known) => known.equals(data))) throw new RpcError(400, 'DATA_INVALID');
  const box = message.box.owner.kind === 'channel' ? message.box : bot.box;
  const seen = box.messages.get(message.body.copies.get(box) ?? -1);
  if (!seen) throw new RpcError(400, 'MESSAGE_ID_INVALID');
  const query = turn.world.callbacks.open({
    botId: bot.id,
    userId: turn.self.id,
    message: seen,
    data,
    chatInstance: createHash('sha1').update(peerKey(seen.peer)).digest().readBigInt64LE(),
  });
  turn.tell(bot.id, { kind: 'callback', query });
  return query;
}

/** The data of the message's inline buttons. */
function buttons(message: Message): Buffer[] {
  const rows = (message.body.markup?.['rows'] ?? []) as Tl[];
  return rows
    .flatMap((row) => (row['buttons'] ?? []) as Tl[])
    .map((button) => button['data'])
    .filter((data) => Buffer.isBuffer(data));
}
