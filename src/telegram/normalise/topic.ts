/** Which topic a message stands in and which message it answers: one header says both. */

import type { tl } from '@mtcute/tl';

import type { Peer } from '../../domain/ids.js';
import { peerFromTl } from './peer.js';

export interface Place {
  readonly topic: number | undefined;
  readonly replyTo: number | undefined;
}

/** The topic that every forum has, and whose messages carry no mark of it. */
const general = 1;

/**
 * In a topic the header has the flag `forum_topic`. A plain message names the topic as the message replied to; a true reply
 * names both. Source: core.telegram.org/api/forum and /api/threads.
 */
export function placeInTopic(
  message: tl.RawMessage | tl.RawMessageService,
  peer: Peer,
  forum: boolean,
): Place {
  // The message that makes a topic is its first, and its id is the topic's.
  if (message._ === 'messageService' && message.action._ === 'messageActionTopicCreate') {
    return { topic: message.id, replyTo: undefined };
  }
  const outside = forum ? general : undefined;
  const header = message.replyTo;
  if (header?._ !== 'messageReplyHeader') return { topic: outside, replyTo: undefined };
  const answered = repliedHere(header, peer);
  if (header.forumTopic !== true) return { topic: outside, replyTo: answered };
  const topic = header.replyToTopId ?? header.replyToMsgId ?? general;
  return { topic, replyTo: answered === topic ? undefined : answered };
}

/** A reply across chats names a message of another box: it can't be followed. */
function repliedHere(header: tl.RawMessageReplyHeader, peer: Peer): number | undefined {
  const elsewhere = header.replyToPeerId !== undefined && peerFromTl(header.replyToPeerId) !== peer;
  return elsewhere || header.replyToScheduled === true ? undefined : header.replyToMsgId;
}
