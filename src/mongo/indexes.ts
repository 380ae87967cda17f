/** Every index, and which query it serves. Making one that exists already changes nothing. */

import { MongoServerError, type Db, type IndexDescription } from 'mongodb';

const days30 = 30 * 24 * 3600;

const indexes: Readonly<Record<string, IndexDescription[]>> = {
  journal: [
    // The router: what is not routed yet, in order.
    { name: 'unrouted', key: { owner: 1, ord: 1 }, partialFilterExpression: { unrouted: true } },
    { name: 'expiry', key: { routedAt: 1 }, expireAfterSeconds: days30 },
  ],
  holes: [
    { name: 'open', key: { owner: 1, open: 1 } },
    // Those of everybody.
    { name: 'unfilled', key: { open: 1 } },
    // What a team must be told of.
    { name: 'untold', key: { news: 1, openedAt: 1 } },
    // How many there ever were.
    { name: 'reason', key: { reason: 1 } },
  ],
  update_state: [{ name: 'channels', key: { owner: 1 } }],
  dialogs: [
    { name: 'topic', key: { group: 1, 'topic.id': 1 } },
    { name: 'place', key: { formerPlaces: 1 } },
    // A lost answer of createForumTopic comes back by its random id.
    { name: 'creating', key: { 'topic.randomId': 1 } },
  ],
  messages: [
    { name: 'message', key: { connection: 1, box: 1, msgId: 1, part: 1 }, unique: true },
    { name: 'post', key: { group: 1, postId: 1, part: 1 }, unique: true },
  ],
  deliveries: [
    // The worker: the head of a lane, and every open lane in turn. The id is in it so that rows come in order without a sort.
    { name: 'head', key: { lane: 1, order: 1, _id: 1 }, partialFilterExpression: { open: true } },
    // What waits after a failure, and until when.
    {
      name: 'waiting',
      key: { error: 1, notBefore: 1 },
      partialFilterExpression: { open: true, error: { $exists: true } },
    },
    // The router: is a send to this dialog under way?
    { name: 'dialog', key: { dialog: 1, kind: 1 }, partialFilterExpression: { open: true } },
    { name: 'random', key: { randomIds: 1 }, partialFilterExpression: { open: true } },
    { name: 'expiry', key: { finishedAt: 1 }, expireAfterSeconds: days30 },
  ],
};

/** Creates what is missing. By default MongoDB waits for every voting member, so that one that is down would hold up a start for ever. */
export async function ensureIndexes(db: Db): Promise<void> {
  for (const [collection, list] of Object.entries(indexes))
    await db.collection(collection).createIndexes(list, { commitQuorum: 'majority' });
}

/** Names of declared indexes, as `collection.index`, that are not there or are others under the same name. */
export async function missingIndexes(db: Db): Promise<string[]> {
  const missing: string[] = [];
  for (const [collection, list] of Object.entries(indexes)) {
    const there = new Set((await indexesOf(db, collection)).map(fingerprint));
    for (const index of list)
      if (!there.has(fingerprint(index))) missing.push(`${collection}.${index.name ?? ''}`);
  }
  return missing;
}

async function indexesOf(db: Db, collection: string): Promise<IndexDescription[]> {
  try {
    return (await db.collection(collection).listIndexes().toArray()) as IndexDescription[];
  } catch (error) {
    // NamespaceNotFound
    if (error instanceof MongoServerError && error.code === 26) return [];
    throw error;
  }
}

function fingerprint(index: IndexDescription): string {
  const { name, key, unique = false, expireAfterSeconds, partialFilterExpression } = index;
  return JSON.stringify([name, key, unique, expireAfterSeconds, partialFilterExpression]);
}
