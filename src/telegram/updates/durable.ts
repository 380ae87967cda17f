/** What the store holds of one account, and how a batch of commits is added to it: rows first, then the counters. */
import { rowId } from '../../domain/ids.js';
import type { CommonCounters, JournalRow, StoredChannel, StoredState } from '../../ports/updates.js';
import type { Insist } from './insist.js';
import type { EnginePorts, EngineSettings } from './ports.js';
import type { Commit } from './protocol.js';
import { holeRow, writeRows } from './rows.js';

const rowsPerAppend = 200;

export type DurablePorts = Pick<EnginePorts, 'store' | 'peers' | 'clock' | 'normalise' | 'serialise'>;

export class Durable {
  readonly #settings: EngineSettings;
  readonly #ports: DurablePorts;
  readonly #insist: Insist;
  readonly #channels: Map<number, StoredChannel>;
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
    // A later fence starts above all rows of an earlier one, so even a holder that thaws cannot mix up the order.
    this.#ord = Math.max(stored?.ord ?? 0, settings.fence * 2 ** 32);
  }

  /** Peers, rows, opened holes, closed holes, counters. Answers the number of rows; incomplete if `insist` has stopped. */
  async add(batch: readonly Commit[]): Promise<number> {
    const { owner, fence } = this.#settings;
    const { store, peers, clock } = this.#ports;
    const write = (action: () => Promise<void>) => this.#insist.write(action);
    const written = writeRows(
      batch.flatMap((commit) => commit.items),
      { settings: this.#settings, ports: this.#ports },
    );
    const opened = batch.flatMap((commit) => commit.opened).map((hole) => holeRow(hole, owner, clock.now()));
    const users = batch.flatMap((commit) => commit.users);
    const chats = batch.flatMap((commit) => commit.chats);
    if (users.length + chats.length > 0) await write(() => peers.save(users, chats));
    const rows = written.rows.map((row): JournalRow => ({ ...row, ord: this.#ord++ }));
    for (let from = 0; from < rows.length; from += rowsPerAppend) {
      await write(() => store.append(owner, fence, rows.slice(from, from + rowsPerAppend)));
    }
    for (const hole of [...opened, ...written.holes]) await write(() => store.recordHole(owner, fence, hole));
    for (const name of batch.flatMap((commit) => commit.closed)) {
      await write(() => store.closeHole(owner, fence, rowId(owner, name), clock.now()));
    }
    await this.#advance(batch);
    return rows.length;
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

function countersOf({ pts, qts, seq, date, lastMsgId }: CommonCounters): CommonCounters {
  return { pts, qts, seq, date, lastMsgId };
}
