/** Collections `update_state`, `journal` and `holes`, the update engine's side: append first, then advance by compare-and-set. */

import type { Collection, Db } from 'mongodb';
import { GatewayError } from '../domain/errors.js';
import { rowId, type OwnerId } from '../domain/ids.js';
import type {
  CommonCounters,
  JournalRow,
  StateChange,
  StoredChannel,
  UpdateStore,
} from '../ports/updates.js';
import { holeWriting, openHolesOf } from './hole-writing.js';
import type { HoleRow } from './holes.js';
import { isDuplicate } from './rows.js';

interface CommonRow {
  readonly _id: string;
  readonly fence: number;
  readonly common?: CommonCounters;
  readonly ord: number;
}

interface ChannelRow {
  readonly _id: string;
  readonly owner: OwnerId;
  readonly fence: number;
  readonly channel: StoredChannel;
  /** As of the last step of this channel; the owner's next is above that of every row. */
  readonly ord?: number;
}

type ChannelStep = StateChange['channels'][number];

export function createUpdateStore(db: Db): UpdateStore {
  const commons = db.collection<CommonRow>('update_state');
  const channels = db.collection<ChannelRow>('update_state');
  const journal = db.collection<JournalRow & { unrouted?: true }>('journal');
  const holes = db.collection<HoleRow>('holes');
  const raised: Raised = new Map();

  return {
    async load(owner) {
      const row = await commons.findOne({ _id: owner });
      if (row?.common === undefined) return undefined;
      const found = await channels.find({ owner }).toArray();
      return {
        ...row.common,
        channels: found.map((one) => one.channel),
        openHoles: await openHolesOf(holes, owner),
        ord: await nextOrd(journal, owner, Math.max(row.ord, ...found.map((one) => one.ord ?? 0))),
      };
    },
    async append(owner, fence, rows) {
      await raiseFence({ commons, channels, raised }, owner, fence);
      if (rows.length === 0) return;
      await journal.bulkWrite(
        rows.map((row) => {
          const { _id, ...fields } = row;
          return {
            updateOne: {
              filter: { _id },
              update: { $setOnInsert: { ...fields, unrouted: true } },
              upsert: true,
            },
          };
        }),
        { ordered: true },
      );
    },
    async advance(owner, fence, change) {
      for (const channel of change.channels)
        await advanceChannel(channels, owner, fence, channel, change.ord);
      // A step of known channels alone is one write: it has met the fence, and the ord stands there. A new channel has no fence yet.
      const known = change.channels.length > 0 && change.channels.every(({ from }) => from !== undefined);
      if (change.common !== undefined || !known) await advanceCommon(commons, owner, fence, change);
    },
    ...holeWriting(holes, (owner, fence) => raiseFence({ commons, channels, raised }, owner, fence)),
  };
}

/** Fences that this process has written already, by owner: `advance` checks them on every step, appending is harmless without. */
type Raised = Map<OwnerId, number>;

interface Fenced {
  readonly commons: Collection<CommonRow>;
  readonly channels: Collection<ChannelRow>;
  readonly raised: Raised;
}

/**
 * Writes our fence where an older one stands, on every row of the owner: from then on an older holder moves no counter. A newer one
 * means that another process holds the session.
 */
async function raiseFence(
  { commons, channels, raised }: Fenced,
  owner: OwnerId,
  fence: number,
): Promise<void> {
  if (raised.get(owner) === fence) return;
  try {
    await commons.updateOne(
      { _id: owner, fence: { $lte: fence } },
      { $set: { fence }, $setOnInsert: { ord: 0 } },
      { upsert: true },
    );
    await channels.updateMany({ owner, fence: { $lt: fence } }, { $set: { fence } });
    raised.set(owner, fence);
  } catch (error) {
    if (isDuplicate(error)) throw new GatewayError('STALE_FENCE', owner);
    throw error;
  }
}

/** Rows may have been appended whose advance was lost: their order numbers are taken too. */
async function nextOrd(
  journal: Collection<JournalRow & { unrouted?: true }>,
  owner: OwnerId,
  stored: number,
): Promise<number> {
  const [last] = await journal.find({ owner, unrouted: true }).sort({ ord: -1 }).limit(1).toArray();
  return Math.max(stored, last === undefined ? 0 : last.ord + 1);
}

async function advanceChannel(
  rows: Collection<ChannelRow>,
  owner: OwnerId,
  fence: number,
  { from, to }: ChannelStep,
  ord: number,
): Promise<void> {
  const _id = rowId(owner, 'channel', to.id);
  try {
    const as =
      from === undefined
        ? { channel: { $exists: false } }
        : { 'channel.pts': from.pts, 'channel.status': from.status };
    const done = await rows.updateOne(
      { _id, fence: { $lte: fence }, ...as },
      { $set: { owner, fence, channel: to, ord } },
      { upsert: from === undefined },
    );
    if (done.matchedCount + done.upsertedCount === 1) return;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const stored = await rows.findOne({ _id });
  if (stored?.fence !== fence || stored.channel.pts !== to.pts || stored.channel.status !== to.status)
    throw new GatewayError('STALE_FENCE', owner);
}

async function advanceCommon(
  rows: Collection<CommonRow>,
  owner: OwnerId,
  fence: number,
  change: StateChange,
): Promise<void> {
  const { common, ord } = change;
  const from = common?.from;
  const as =
    common === undefined
      ? {}
      : from === undefined
        ? { common: { $exists: false } }
        : { 'common.pts': from.pts, 'common.qts': from.qts, 'common.seq': from.seq };
  try {
    const done = await rows.updateOne(
      { _id: owner, fence: { $lte: fence }, ...as },
      { $set: { fence, ord, ...(common === undefined ? {} : { common: common.to }) } },
      { upsert: from === undefined },
    );
    if (done.matchedCount + done.upsertedCount === 1) return;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const stored = await rows.findOne({ _id: owner });
  const arrived = stored?.fence === fence && (common === undefined || same(stored.common, common.to));
  if (!arrived) throw new GatewayError('STALE_FENCE', owner);
}

/** A repeated advance finds its own work done. */
function same(stored: CommonCounters | undefined, to: CommonCounters): boolean {
  return stored?.pts === to.pts && stored.qts === to.qts && stored.seq === to.seq;
}
