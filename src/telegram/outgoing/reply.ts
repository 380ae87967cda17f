/** Where a message is put: in a topic, under the message it answers, or both. */

import type { tl } from '@mtcute/tl';

/**
 * A plain message of a topic answers the topic itself; a reply inside names the topic beside the message, else it would land
 * in General as soon as that message is deleted. Source: core.telegram.org/api/forum.
 */
export function replyHeader(topic?: number, replyTo?: number): tl.RawInputReplyToMessage | undefined {
  const replyToMsgId = replyTo ?? topic;
  if (replyToMsgId === undefined) return undefined;
  const inside = topic !== undefined && replyTo !== undefined;
  return { _: 'inputReplyToMessage', replyToMsgId, ...(inside ? { topMsgId: topic } : {}) };
}
