/** What a MongoDB says of itself. Nothing is changed there. */

import { MongoServerError, MongoWriteConcernError, type Db } from 'mongodb';

export interface ServerFacts {
  readonly version: string;
  /** A replica set's member, or a router before several. */
  readonly isReplicated: boolean;
  /** How far its clock is ahead of ours, ms; as exact as half the round trip. */
  readonly aheadMs: number;
  /** Whether a majority confirms a write within 5 s; false too where nothing is replicated. */
  readonly hasMajority: boolean;
}

const majorityMs = 5_000;

/** `now`: our clock, unix ms. */
export async function readServerFacts(db: Db, now: () => number): Promise<ServerFacts> {
  const { version } = (await db.admin().command({ buildInfo: 1 })) as unknown as { version: string };
  const askedAt = now();
  const hello = await db.admin().command({ hello: 1 });
  const aheadMs = new Date(hello['localTime'] as Date).getTime() - (askedAt + now()) / 2;
  const isReplicated = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid';
  return { version, isReplicated, aheadMs, hasMajority: isReplicated && (await confirmed(db)) };
}

/** A write that meets no row still waits until a majority has everything before it. */
async function confirmed(db: Db): Promise<boolean> {
  const writeConcern = { w: 'majority', journal: true, wtimeoutMS: majorityMs } as const;
  try {
    await db
      .collection<{ _id: string; until: number }>('leases')
      .updateOne({ _id: 'nobody' }, { $set: { until: 0 } }, { writeConcern });
    return true;
  } catch (error) {
    // WriteConcernTimeout, UnsatisfiableWriteConcern
    const isUnconfirmed =
      error instanceof MongoWriteConcernError ||
      (error instanceof MongoServerError && [64, 100].includes(Number(error.code)));
    if (isUnconfirmed) return false;
    throw error;
  }
}
