/** Collection `messages`: the twin links between posts and client-side messages. */

import type { Db, WithId } from 'mongodb';
import type { MessageLink } from '../domain/link.js';
import type { Links } from '../ports/store.js';
import { isDuplicate } from './rows.js';

export function createLinks(db: Db): Links {
  const rows = db.collection<MessageLink>('messages');
  return {
    async put(link) {
      try {
        await rows.insertOne({ ...link });
      } catch (error) {
        // The unique keys: this part of this message, or this post, is linked already.
        if (!isDuplicate(error)) throw error;
      }
    },
    async byMessage(connection, box, msgId) {
      return first(await rows.find({ connection, box, msgId }).sort({ part: 1 }).limit(1).toArray());
    },
    async byPost(group, postId) {
      return first(await rows.find({ group, postId }).sort({ part: 1 }).limit(1).toArray());
    },
  };
}

function first(found: WithId<MessageLink>[]): MessageLink | undefined {
  if (found[0] === undefined) return undefined;
  const { _id, ...link } = found[0];
  return link;
}
