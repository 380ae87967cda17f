/** Messages, topics and reactions out of our sessions: the Sender port over Telegram's calls. */

import type { tl } from '@mtcute/tl';

import { GatewayError } from '../../domain/errors.js';
import type { OwnerId } from '../../domain/ids.js';
import type { OutgoingPart, Sender, SendOrder } from '../../ports/telegram.js';
import { long } from '../tl/long.js';
import { present } from '../normalise/present.js';
import { liveSession } from '../peers/session.js';
import { isRpcError } from '../rpc/errors.js';
import { runsOf } from './albums.js';
import { acting, ofParts, preparing, replyTypes, type Target } from './failure.js';
import type { MediaDeps } from './prepared-media.js';
import { replyHeader } from './reply.js';
import { prepareCall, type SendCall } from './send-calls.js';
import { createdTopicId, misplacedIds, sentIds } from './sent-ids.js';
import { topicActs } from './topics.js';

export type SenderDeps = MediaDeps;

export function createSender(deps: SenderDeps): Sender {
  const addressed = (owner: OwnerId, target: Target): Promise<tl.TypeInputPeer> =>
    preparing(target, async () => deps.peers.inputPeer(owner, target.peer));
  return {
    ...topicActs(deps),

    async send(order) {
      const ids: number[] = [];
      let repeated: GatewayError | undefined;
      for (const run of runsOf(order.parts)) {
        // Parts that are no album together go in several calls; on a repeat the first may have been sent before and the next not.
        const sent = await ofParts(order, run, () => sendRun(deps, order, run)).catch(alreadySent);
        if (sent instanceof GatewayError) repeated = sent;
        else ids.push(...sent);
      }
      if (repeated !== undefined) throw repeated;
      return ids;
    },

    async createTopic({ owner, group, title, randomId, iconColor }) {
      const target = { peer: group };
      const peer = await addressed(owner, target);
      const answer = await acting(target, async () =>
        liveSession(deps.sessionOf, owner).call(
          present<tl.messages.RawCreateForumTopicRequest>({
            _: 'messages.createForumTopic',
            peer,
            title,
            iconColor,
            randomId: long(randomId),
          }),
        ),
      );
      return createdTopicId(answer, randomId) ?? idFollows();
    },

    async react({ owner, peer, msgId, emoji }) {
      const target = { peer };
      const input = await addressed(owner, target);
      const reaction: tl.TypeReaction[] = emoji === '' ? [] : [{ _: 'reactionEmoji', emoticon: emoji }];
      await acting(target, async () =>
        liveSession(deps.sessionOf, owner)
          .call({ _: 'messages.sendReaction', peer: input, msgId, reaction })
          .catch(unchangedAsDone),
      );
    },

    async resync(owner) {
      await liveSession(deps.sessionOf, owner).resync();
    },
  };
}

async function sendRun(
  deps: SenderDeps,
  order: SendOrder,
  parts: readonly OutgoingPart[],
): Promise<number[]> {
  const target: Target = { peer: order.peer, topic: order.topic };
  const call = await preparing(target, () => prepareCall(deps, order, parts));
  const answer = await acting(target, () => placed(order, call));
  const randomIds = parts.map(({ randomId }) => randomId);
  const ids = sentIds(answer, randomIds) ?? idFollows();
  const stray = order.topic === undefined ? [] : misplacedIds(answer, order.peer, order.topic);
  if (stray.length > 0) throw new GatewayError('POST_MISPLACED', stray.join(', '));
  return ids;
}

/** A message whose answered one has vanished is still worth sending. */
async function placed({ topic, replyTo }: SendOrder, call: SendCall): Promise<tl.TypeUpdates> {
  try {
    return await call(replyHeader(topic, replyTo));
  } catch (thrown) {
    if (replyTo === undefined || !isRpcError(thrown, ...replyTypes)) throw thrown;
    return call(replyHeader(topic));
  }
}

/** It was sent, only the answer does not say under which id: the same case as a repeat. */
function idFollows(): never {
  throw new GatewayError('ALREADY_SENT');
}

function alreadySent(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError && thrown.code === 'ALREADY_SENT') return thrown;
  throw thrown;
}

function unchangedAsDone(thrown: unknown): void {
  if (!isRpcError(thrown, 'MESSAGE_NOT_MODIFIED')) throw thrown;
}
