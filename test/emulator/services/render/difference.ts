import type { Tl } from '../../types.js';
import type { WorldEvent } from '../../world/events.js';
import type { Message } from '../../world/model.js';
import { messageIdTl, updatesTl } from './update.js';
import { messageTl } from './message.js';
import type { View } from './view.js';

/**
 * A difference shows final states: new messages as they are now, edits once and only of older messages, and nothing
 * of what was deleted meanwhile but the deletion. updateMessageID tells the author the fate of his random ids.
 */
export function splitTl(view: View, events: readonly WorldEvent[]): { messages: Tl[]; updates: Tl[] } {
  const messages: Tl[] = [];
  const ids: Tl[] = [];
  const others: Tl[] = [];
  const shown = new Set<Message>();
  const lastEdit = new Map<Message, WorldEvent>();
  for (const event of events) if (event.kind === 'edit') lastEdit.set(event.message, event);
  for (const event of events) {
    if (event.kind === 'message') {
      ids.push(...messageIdTl(view, event.message));
      if (!stands(event.message)) continue;
      shown.add(event.message);
      messages.push(messageTl(view, event.message));
    } else if (event.kind === 'edit') {
      const final = lastEdit.get(event.message) === event && !shown.has(event.message);
      if (final && stands(event.message)) others.push(...updatesTl(view, event));
    } else others.push(...updatesTl(view, event));
  }
  return { messages, updates: [...ids, ...others] };
}

function stands(message: Message): boolean {
  return message.box.messages.get(message.id) === message;
}
