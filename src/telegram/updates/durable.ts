/** What the store holds of one account, and how a batch of commits is added to it: rows first, then the counters. */
import { channelBox, commonBox, rowId, type Box } from '../../domain/ids.js';
import type { CommonCounters, Hole, JournalRow, StoredChannel, StoredState } from '../../ports/updates.js';
import type { Insist } from './insist.js';
import { PendingHoles } from './pending-holes.js';
import type { EnginePorts, EngineSettings, HoleEvent } from './ports.js';
import type { Commit } from './protocol.js';
import { holeRow, writeRows } from './rows.js';

const rowsPerAppend = 200;

export type DurablePorts = Pick<
  EnginePorts,
  'store' | 'peers' | 'clock' | 'normalise' | 'serialise' | 'onHole'
>;

export class Durable {
  readonly #settings: EngineSettings;
  readonly #ports: DurablePorts;
  readonly #insist: Insist;
  readonly #channels: Map<number, StoredChannel>;
  readonly #pending: PendingHoles;
  #common: CommonCounters | undefined;
  #ord: number;

  constructor(
    settings: EngineSettings,
    ports: DurablePorts,
    insist: Insist,
    stored: StoredState | undefined,
  ) {
    this.#settings = settings;
    this.#ports = ports;
    this.#insist = insist;
    this.#channels = new Map((stored?.channels ?? []).map((channel) => [channel.id, channel]));
    this.#common = stored && countersOf(stored);
    this.#pending = new PendingHoles(stored);
    // A later fence starts above all rows of an earlier one, so even a holder that thaws cannot mix up the order.
    this.#ord = Math.max(stored?.ord ?? 0, settings.fence * 2 ** 32);
  }

  /** Peers, rows, holes, counters. Answers the number of rows; incomplete if `insist` has stopped. */
  async add(batch: readonly Commit[]): Promise<number> {
    const { owner, fence } = this.#settings;
    const { store, peers } = this.#ports;
    const write = (action: () => Promise<void>) => this.#insist.write(action);
    const written = writeRows(
      batch.flatMap((commit) => commit.items),
      { settings: this.#settings, ports: this.#ports },
    );
    const users = batch.flatMap((commit) => commit.users);
    const chats = batch.flatMap((commit) => commit.chats);
    if (users.length + chats.length > 0) await write(() => peers.save(users, chats));
    const rows = written.rows.map((row): JournalRow => ({ ...row, ord: this.#ord++ }));
    for (let from = 0; from < rows.length; from += rowsPerAppend) {
      await write(() => store.append(owner, fence, rows.slice(from, from + rowsPerAppend)));
    }
    await this.#writeHoles(batch, written.holes);
    await this.#advance(batch);
    return rows.length;
  }

  /** Opened, lost, closed. What the normaliser failed at is lost at once: nothing will read it better. */
  async #writeHoles(batch: readonly Commit[], unreadable: readonly Hole[]): Promise<void> {
    const { owner, fence } = this.#settings;
    const { store, clock } = this.#ports;
    const idOf = (name: string) => rowId(owner, name);
    const opened = batch.flatMap((commit) => commit.opened).map((hole) => holeRow(hole, owner, clock.now()));
    for (const hole of [...opened, ...unreadable]) {
      const write = () => store.recordHole(owner, fence, hole);
      if (await this.#writeHole(write, { type: 'opened', hole })) this.#pending.opened(hole);
    }
    const lost = new Set([
      ...batch.flatMap((commit) => commit.lost).map(idOf),
      ...unreadable.map(({ _id }) => _id),
    ]);
    for (const id of lost) {
      await this.#writeHole(() => store.loseHole(owner, fence, id, clock.now()), { type: 'lost', id });
    }
    const fetched = batch.flatMap((commit) => commit.closed).map(idOf);
    for (const id of fetched) this.#pending.closed(id);
    for (const id of [...fetched, ...this.#pending.passing(positionsOf(batch), lost)]) {
      await this.#writeHole(() => store.closeHole(owner, fence, id, clock.now()), { type: 'closed', id });
    }
  }

  async #writeHole(action: () => Promise<void>, event: HoleEvent): Promise<boolean> {
    await this.#insist.write(action);
    if (this.#insist.stopped) return false;
    this.#ports.onHole(event);
    return true;
  }

  async #advance(batch: readonly Commit[]): Promise<void> {
    const { owner, fence } = this.#settings;
    const common = batch.findLast((commit) => commit.common !== undefined)?.common;
    const moved = new Map(batch.flatMap((commit) => commit.channels).map((channel) => [channel.id, channel]));
    if (common === undefined && moved.size === 0) return;
    const change = {
      ...(common === undefined ? {} : { common: { from: this.#common, to: common } }),
      channels: [...moved.values()].map((to) => ({ from: this.#channels.get(to.id), to })),
      ord: this.#ord,
    };
    await this.#insist.write(() => this.#ports.store.advance(owner, fence, change));
    this.#common = common ?? this.#common;
    for (const [id, channel] of moved) this.#channels.set(id, channel);
  }
}

/** Where the batch moves the pts of its boxes. */
function positionsOf(batch: readonly Commit[]): ReadonlyMap<Box, number> {
  const positions = new Map<Box, number>();
  for (const { common, channels } of batch) {
    if (common !== undefined) positions.set(commonBox, common.pts);
    for (const { id, pts } of channels) positions.set(channelBox(String(id)), pts);
  }
  return positions;
}

function countersOf({ pts, qts, seq, date, lastMsgId }: CommonCounters): CommonCounters {
  return { pts, qts, seq, date, lastMsgId };
}
