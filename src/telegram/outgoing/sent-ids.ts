/** Message ids in the answer of a send. */

import type { tl } from '@mtcute/tl';

import type { Peer } from '../../domain/ids.js';
import { placeInTopic } from '../normalise/topic.js';

/**
 * The ids by the order of the random ids; undefined where the answer does not tell every one. Bots and accounts get
 * `updateShortSentMessage` for short texts in private chats, and `updateMessageID` beside the message otherwise.
 */
export function sentIds(answer: tl.TypeUpdates, randomIds: readonly string[]): number[] | undefined {
  if (answer._ === 'updateShortSentMessage') return randomIds.length === 1 ? [answer.id] : undefined;
  const byRandomId = new Map<string, number>();
  for (const update of updatesIn(answer)) {
    if (update._ === 'updateMessageID') byRandomId.set(update.randomId.toString(), update.id);
  }
  const ids = randomIds.map((randomId) => byRandomId.get(randomId)).filter((id) => id !== undefined);
  return ids.length === randomIds.length ? ids : undefined;
}

/**
 * The messages of the answer that stand elsewhere than in the topic: Telegram takes a message for a topic that it does not
 * know (any more) as a reply, and a group that has lost its topics takes it into its one thread.
 */
export function misplacedIds(answer: tl.TypeUpdates, group: Peer, topic: number): number[] {
  const messages = updatesIn(answer).flatMap((update) =>
    update._ === 'updateNewChannelMessage' ? [update.message] : [],
  );
  return outside(messages, group, topic);
}

/** The ids of those messages of a group that stand elsewhere than in the topic. */
export function outside(messages: readonly tl.TypeMessage[], group: Peer, topic: number): number[] {
  return messages.flatMap((message) =>
    message._ !== 'message' || placeInTopic(message, group, true).topic === topic ? [] : [message.id],
  );
}

/** The id of the topic that was made: that of the service message which makes it. */
export function createdTopicId(answer: tl.TypeUpdates, randomId: string): number | undefined {
  return sentIds(answer, [randomId])?.[0] ?? updatesIn(answer).map(topicMade).find(Boolean);
}

function topicMade(update: tl.TypeUpdate): number | undefined {
  if (update._ !== 'updateNewChannelMessage' || update.message._ !== 'messageService') return undefined;
  return update.message.action._ === 'messageActionTopicCreate' ? update.message.id : undefined;
}

function updatesIn(answer: tl.TypeUpdates): readonly tl.TypeUpdate[] {
  switch (answer._) {
    case 'updates':
    case 'updatesCombined':
      return answer.updates;
    case 'updateShort':
      return [answer.update];
    default:
      return [];
  }
}
