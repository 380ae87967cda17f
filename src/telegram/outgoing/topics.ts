/** The desk's acts on topics and on its own posts, beside making them and writing into them. */

import type { tl } from '@mtcute/tl';

import type { OwnerId, Peer } from '../../domain/ids.js';
import type { Sender } from '../../ports/telegram.js';
import type { Caller } from '../link/link.js';
import { present } from '../normalise/present.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import { liveSession, type SessionOf } from '../peers/session.js';
import { isRpcError } from '../rpc/errors.js';
import { acting, preparing } from './failure.js';
import { outside } from './sent-ids.js';

interface Deps {
  readonly sessionOf: SessionOf;
  readonly peers: PeerDirectory;
}

export function topicActs(deps: Deps): Pick<Sender, 'hasTopic' | 'misplaced' | 'reopenTopic' | 'erase'> {
  const addressed = (owner: OwnerId, group: Peer): Promise<tl.TypeInputPeer> =>
    preparing({ peer: group }, async () => deps.peers.inputPeer(owner, group));
  const caller = (owner: OwnerId): Caller => liveSession(deps.sessionOf, owner);
  return {
    async hasTopic({ owner, group, topic }) {
      const peer = await addressed(owner, group);
      const { topics } = await acting({ peer: group }, async () =>
        caller(owner).call({ _: 'messages.getForumTopicsByID', peer, topics: [topic] }),
      );
      return topics.some(({ _, id }) => _ === 'forumTopic' && id === topic);
    },

    async misplaced({ owner, group, topic, msgIds }) {
      const found = await preparing({ peer: group }, async () => {
        const channel = await deps.peers.inputChannel(owner, group);
        const id = msgIds.map((msgId): tl.TypeInputMessage => ({ _: 'inputMessageID', id: msgId }));
        return caller(owner).call({ _: 'channels.getMessages', channel, id });
      });
      return found._ === 'messages.messagesNotModified' ? [] : outside(found.messages, group, topic);
    },

    async reopenTopic({ owner, group, topic }) {
      const peer = await addressed(owner, group);
      await acting({ peer: group, topic }, async () =>
        caller(owner)
          .call(
            present<tl.messages.RawEditForumTopicRequest>({
              _: 'messages.editForumTopic',
              peer,
              topicId: topic,
              closed: false,
            }),
          )
          .catch(openAsDone),
      );
    },

    async erase({ owner, group, msgIds }) {
      await acting({ peer: group }, async () => {
        const channel = await deps.peers.inputChannel(owner, group);
        await caller(owner).call({ _: 'channels.deleteMessages', channel, id: [...msgIds] });
      });
    },
  };
}

function openAsDone(thrown: unknown): void {
  if (!isRpcError(thrown, 'TOPIC_NOT_MODIFIED')) throw thrown;
}
