/** The store's contract in memory. Every operation asks `gate` what happens to it; `onAdvance` may check what is promised. */
import { GatewayError } from '../../../../src/domain/errors.js';
import type { OwnerId } from '../../../../src/domain/ids.js';
import type {
  Hole,
  JournalRow,
  StateChange,
  StoredChannel,
  StoredState,
  UpdateStore,
} from '../../../../src/ports/updates.js';

/** `before`: fails without effect · `partly`: some rows only · `after`: done, but the answer is lost. */
export type Fate = 'done' | 'before' | 'partly' | 'after';

export class MemoryStore implements UpdateStore {
  readonly rows = new Map<string, JournalRow>();
  readonly holes = new Map<string, Hole & { closedAt?: number; lostAt?: number }>();
  state: (Omit<StoredState, 'channels' | 'openHoles'> & { channels: Map<number, StoredChannel> }) | undefined;
  fence = 0;
  gate: (operation: string) => Promise<Fate> = async () => 'done';
  onAdvance: (change: StateChange) => void = () => undefined;

  async load(): Promise<StoredState | undefined> {
    const fate = await this.gate('load');
    if (fate !== 'done') throw new Error('store');
    if (this.state === undefined) return undefined;
    const ord = Math.max(this.state.ord, ...[...this.rows.values()].map((row) => row.ord + 1));
    const openHoles = [...this.holes.values()].filter((hole) => hole.closedAt === undefined);
    return { ...this.state, channels: [...this.state.channels.values()], openHoles, ord };
  }

  async append(_owner: OwnerId, fence: number, rows: readonly JournalRow[]): Promise<void> {
    await this.#run('append', fence, (part) => {
      for (const row of rows.slice(0, Math.ceil(rows.length * part)))
        if (!this.rows.has(row._id)) this.rows.set(row._id, row);
    });
  }

  async advance(_owner: OwnerId, fence: number, change: StateChange): Promise<void> {
    await this.#run('advance', fence, (part) => {
      this.onAdvance(change);
      for (const { from, to } of change.channels) this.#moveChannel(from, to);
      if (part < 1 && change.channels.length > 0) return;
      const {
        channels,
        ord: _ord,
        ...common
      } = this.state ?? { channels: new Map<number, StoredChannel>(), ord: 0 };
      if (change.common !== undefined) {
        const current = 'pts' in common ? common : undefined;
        if (!equal(current, change.common.from) && !equal(current, change.common.to)) throw stale();
        this.state = { ...change.common.to, channels, ord: change.ord };
      }
    });
  }

  async recordHole(_owner: OwnerId, fence: number, hole: Hole): Promise<void> {
    await this.#run('hole', fence, () => {
      this.holes.set(hole._id, hole);
    });
  }

  async loseHole(_owner: OwnerId, fence: number, id: string, lostAt: number): Promise<void> {
    await this.#run('lose', fence, () => {
      const hole = this.holes.get(id);
      if (hole !== undefined) this.holes.set(id, { ...hole, lostAt });
    });
  }

  async closeHole(_owner: OwnerId, fence: number, id: string, closedAt: number): Promise<void> {
    await this.#run('close', fence, () => {
      const hole = this.holes.get(id);
      if (hole !== undefined) {
        const { lostAt: _, ...fetched } = hole;
        this.holes.set(id, { ...fetched, closedAt });
      }
    });
  }

  async countOpenHoles(): Promise<number> {
    return [...this.holes.values()].filter((hole) => hole.closedAt === undefined).length;
  }

  #moveChannel(from: StoredChannel | undefined, to: StoredChannel): void {
    if (this.state === undefined) throw new Error('a channel before the common box');
    const current = this.state.channels.get(to.id);
    if (!equal(current, from) && !equal(current, to)) throw stale();
    this.state.channels.set(to.id, to);
  }

  async #run(operation: string, fence: number, write: (part: number) => void): Promise<void> {
    const fate = await this.gate(operation);
    if (fence < this.fence) throw stale();
    this.fence = fence;
    if (fate !== 'before') write(fate === 'partly' ? 0.5 : 1);
    if (fate !== 'done') throw new Error('store');
  }
}

function stale(): GatewayError {
  return new GatewayError('STALE_FENCE', 'c1');
}

function equal(a: object | undefined, b: object | undefined): boolean {
  const text = (value: object | undefined) =>
    JSON.stringify(value, (_key, part: unknown) => (part === undefined ? null : part));
  return text(sorted(a)) === text(sorted(b));
}

function sorted(value: object | undefined): object | undefined {
  return value && Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)));
}
