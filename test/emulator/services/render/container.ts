import type { Tl } from '../../types.js';
import type { WorldEvent } from '../../world/events.js';
import type { Message } from '../../world/model.js';
import { samePeer } from '../../world/place.js';
import { replyTo } from './message.js';
import { updatesTl } from './update.js';
import type { View } from './view.js';

/** Updates without seq: everything of ours is sequenced by pts or qts, or not at all. */
export function containerTl(view: View, events: readonly WorldEvent[]): Tl {
  const updates = events.flatMap((event) => updatesTl(view, event));
  return { _: 'updates', updates, ...view.company, date: view.world.now(), seq: 0 };
}

/**
 * What is pushed: the short forms where Telegram uses them, else a container. Other sessions of a sender get no
 * updateMessageID: it belongs to the answer and to the difference.
 */
export function pushTl(view: View, events: readonly WorldEvent[], short: boolean): Tl {
  const [event, ...more] = events;
  if (short && event && more.length === 0) {
    if (event.kind === 'message' && isShort(event.message)) return shortMessageTl(view, event);
    if (event.kind === 'typing' || event.kind === 'read-inbox' || event.kind === 'read-outbox') {
      return { _: 'updateShort', update: updatesTl(view, event)[0], date: view.world.now() };
    }
  }
  const container = containerTl(view, events);
  const updates = (container['updates'] as Tl[]).filter(({ _ }) => _ !== 'updateMessageID');
  return { ...container, updates };
}

/** A sender gets the place of his private text in few words; he knows the rest. */
export function sentShortTl(event: Extract<WorldEvent, { kind: 'message' }>): Tl {
  const { id, body } = event.message;
  return {
    _: 'updateShortSentMessage',
    out: true,
    id,
    pts: event.pts,
    pts_count: event.count,
    date: body.date,
    ...(body.entities.length > 0 ? { entities: body.entities } : {}),
  };
}

/** Only text with entities and a reply header fits; and only in a conversation that is known already. */
function isShort({ id, box, peer, body }: Message): boolean {
  if (peer.kind !== 'user' || body.media || body.markup || body.action || body.groupedId !== undefined) {
    return false;
  }
  if (body.noforwards || body.invertMedia || body.forward) return false;
  const before = box.messages.get(id - 1) ?? box.messages.get(id - 2);
  return before !== undefined && samePeer(before.peer, peer);
}

function shortMessageTl(view: View, event: Extract<WorldEvent, { kind: 'message' }>): Tl {
  const { message } = event;
  const { body } = message;
  return {
    _: 'updateShortMessage',
    id: message.id,
    user_id: BigInt(message.peer.id),
    message: body.text,
    pts: event.pts,
    pts_count: event.count,
    date: body.date,
    ...(body.authorId === view.viewer.id ? { out: true } : {}),
    ...(body.silent ? { silent: true } : {}),
    ...(body.entities.length > 0 ? { entities: body.entities } : {}),
    ...replyTo(view, message),
  };
}
