/** What the flows keep, in memory and synchronously readable: the store's contract without its latency and faults (`mishaps.ts` adds those). */
import { untold, type Delivery } from '../../../src/domain/delivery.js';
import { placeOf, type Dialog } from '../../../src/domain/dialog.js';
import type { TelegramEvent } from '../../../src/domain/event.js';
import { dialogId, type OwnerId } from '../../../src/domain/ids.js';
import type { MessageLink } from '../../../src/domain/link.js';
import type {
  Claimed,
  Deliveries,
  Dialogs,
  Journal,
  JournaledEvent,
  Links,
} from '../../../src/ports/store.js';

interface JournalEntry extends JournaledEvent {
  routed: boolean;
}

const isOpen = ({ state }: Delivery): boolean => state !== 'sent' && state !== 'failed';

export class MemoryStore {
  readonly entries = new Map<string, JournalEntry>();
  readonly rows = new Map<string, Delivery>();
  readonly dialogRows = new Map<string, Dialog>();
  readonly linkRows: MessageLink[] = [];
  /** When a row was claimed for the first time. */
  readonly begunMs = new Map<string, number>();
  /** A row was taken in hand; the router was given so many rows. */
  onClaim: () => void = () => undefined;
  onUnrouted: (rows: number) => void = () => undefined;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As the update engine appends: a key that is there already stays as it is. */
  append(owner: OwnerId, events: readonly { key: string; event: TelegramEvent }[], now: number): void {
    for (const { key, event } of events) {
      const id = `${owner}-${key}`;
      if (!this.entries.has(id))
        this.entries.set(id, { id, owner, ord: this.entries.size, event, receivedAt: now, routed: false });
    }
  }

  open(): Delivery[] {
    return [...this.rows.values()].filter(isOpen);
  }

  readonly journal: Journal = {
    unrouted: async (owner, afterOrd, limit) => {
      const found = [...this.entries.values()]
        .filter((row) => row.owner === owner && !row.routed && row.ord > afterOrd)
        .slice(0, limit);
      this.onUnrouted(found.length);
      return found;
    },
    markRouted: async (ids) => {
      for (const id of ids) this.entries.get(id)!.routed = true;
    },
    sentId: async (owner, randomId) => {
      for (const { owner: of, event } of this.entries.values())
        if (of === owner && event.kind === 'sent' && event.randomId === randomId) return event.msgId;
      return undefined;
    },
    ownersWithUnrouted: async () => [
      ...new Set([...this.entries.values()].filter((row) => !row.routed).map((row) => row.owner)),
    ],
  };

  readonly dialogs: Dialogs = {
    get: async (id) => this.dialogRows.get(id),
    ensure: async (dialog) => {
      if (!this.dialogRows.has(dialog.id)) this.dialogRows.set(dialog.id, dialog);
      return this.#dialog(dialog.id);
    },
    claimTopic: async (id, randomId) => {
      const dialog = this.#dialog(id);
      if (dialog.topic.state === 'none')
        this.dialogRows.set(id, { ...dialog, topic: { state: 'creating', randomId } });
      return this.#dialog(id);
    },
    reclaimTopic: async (id, former, randomId) => {
      const dialog = this.#dialog(id);
      if (dialog.topic.state === 'creating' && dialog.topic.randomId === former)
        this.dialogRows.set(id, { ...dialog, topic: { state: 'creating', randomId } });
    },
    openTopic: async (id, randomId, topic) => {
      const dialog = this.#dialog(id);
      if (dialog.topic.state === 'creating' && dialog.topic.randomId === randomId)
        this.dialogRows.set(id, { ...dialog, topic: { state: 'open', randomId, id: topic } });
      return this.#dialog(id);
    },
    forgetTopic: async (id, group, topic) => {
      const dialog = this.#dialog(id);
      if (dialog.group === group && dialog.topic.state === 'open' && dialog.topic.id === topic)
        this.dialogRows.set(id, {
          ...dialog,
          topic: { state: 'none' },
          formerPlaces: [placeOf(group, topic)],
        });
    },
    move: async () => {
      throw new Error('nobody moves a connection here');
    },
    byTopic: async (group, topic) =>
      this.#dialogWhere((row) => row.group === group && (row.topic as { id?: number }).id === topic) ??
      this.#dialogWhere((row) => row.formerPlaces?.includes(placeOf(group, topic)) === true),
    byTopicRandomIds: async (randomIds) =>
      new Map(
        [...this.dialogRows.values()].flatMap((dialog) =>
          dialog.topic.state !== 'none' && randomIds.includes(dialog.topic.randomId)
            ? [[dialog.topic.randomId, dialog] as const]
            : [],
        ),
      ),
  };

  readonly links: Links = {
    put: async (link) => {
      const same = (row: MessageLink) =>
        (row.connection === link.connection &&
          row.box === link.box &&
          row.msgId === link.msgId &&
          row.part === link.part) ||
        (row.group === link.group && row.postId === link.postId && row.part === link.part);
      if (!this.linkRows.some(same)) this.linkRows.push(link);
    },
    byMessage: async (connection, box, msgId) =>
      this.#firstLink((row) => row.connection === connection && row.box === box && row.msgId === msgId),
    byPost: async (group, postId) => this.#firstLink((row) => row.group === group && row.postId === postId),
  };

  readonly deliveries: Deliveries = {
    add: async (rows) => {
      for (const row of rows) if (!this.rows.has(row.id)) this.rows.set(row.id, row);
    },
    get: async (id) => this.rows.get(id),
    addPart: async (id, part, notBefore) => {
      const row = this.rows.get(id);
      if (row?.parts.some(({ msgId }) => msgId === part.msgId) === true) return true;
      if (row?.state !== 'queued' || row.attempts > 0) return false;
      this.rows.set(id, { ...row, parts: [...row.parts, part], notBefore });
      return true;
    },
    head: async (lane) => this.#heads().get(lane),
    claim: async (row, { by, until, now }, randomIds) => {
      const stored = this.rows.get(row.id);
      const { claim } = stored ?? {};
      const free = claim === undefined || claim.by === by || claim.until <= now;
      if (!free || stored?.state !== row.state || stored.attempts !== row.attempts) return undefined;
      if (stored.parts.length !== row.parts.length) return undefined;
      const attempts = row.attempts + 1;
      if (attempts === 1) this.begunMs.set(row.id, this.#now());
      const taken = { ...stored, state: 'sending' as const, claim: { by, until }, randomIds, attempts };
      this.rows.set(row.id, taken);
      this.onClaim();
      return taken;
    },
    renewClaim: async (id, by, until) => {
      const row = this.rows.get(id);
      if (row?.claim?.by === by) this.rows.set(id, { ...row, claim: { by, until } });
    },
    releaseClaims: async () => {
      for (const row of this.open()) this.#change(row, {}, true);
    },
    recordSent: async (id, position, randomId, msgId) => {
      const row = this.rows.get(id);
      if (row?.randomIds.includes(randomId) !== true) return;
      const sentIds = row.randomIds.map((_, at) => (at === position ? msgId : (row.sentIds[at] ?? null)));
      this.rows.set(id, { ...row, sentIds });
    },
    look: async (claimed) => {
      const row = this.#claimed(claimed);
      if (row !== undefined) this.rows.set(row.id, { ...row, looks: (row.looks ?? 0) + 1 });
    },
    stopLooking: async (claimed, positions) => {
      const row = this.#claimed(claimed);
      if (row === undefined) return;
      const sentIds = row.randomIds.map((_, at) =>
        positions.includes(at) ? untold : (row.sentIds[at] ?? null),
      );
      this.rows.set(row.id, { ...row, sentIds, looks: 0 });
    },
    reissue: async (claimed) => {
      const row = this.#claimed(claimed);
      if (row === undefined) return false;
      this.rows.set(row.id, { ...row, randomIds: [], reissued: (row.reissued ?? 0) + 1 });
      return true;
    },
    redirect: async () => {
      throw new Error('nobody moves a connection here');
    },
    rewrite: async (claimed, parts) => {
      const row = this.#claimed(claimed);
      if (row !== undefined) this.rows.set(row.id, { ...row, parts });
    },
    retryNow: async () => false,
    byRandomIds: async (wanted) =>
      new Map(
        this.open().flatMap((delivery) =>
          delivery.randomIds.flatMap((randomId, position) =>
            wanted.includes(randomId) ? [[randomId, { delivery, position }] as const] : [],
          ),
        ),
      ),
    finish: async (row, state, error) => {
      const stored = this.#claimed(row);
      if (stored !== undefined)
        this.#change(stored, { state, ...(error === undefined ? {} : { error }) }, true);
    },
    postpone: async (row, state, notBefore, error) => {
      const stored = this.#claimed(row);
      const why = error === undefined ? {} : { error };
      if (stored !== undefined) this.#change(stored, { state, notBefore, ...why }, true);
    },
    outstanding: async (connection, peer, msgId) => {
      const dialog = dialogId(connection, peer);
      return this.open().some(
        (row) =>
          row.dialog === dialog &&
          row.kind === 'answer' &&
          (row.state === 'sending' || row.state === 'unknown' || row.sentIds.includes(msgId)),
      );
    },
    floodedUntil: async (group, now) =>
      this.open()
        .filter(
          ({ kind, ...row }) =>
            row.group === group && row.error === 'FLOOD_WAIT' && kind !== 'answer' && kind !== 'mark',
        )
        .reduce((latest, { notBefore }) => (notBefore > now ? Math.max(latest, notBefore) : latest), 0),
    openLanes: async (after, limit) =>
      [...this.#heads().values()]
        .filter(({ lane }) => lane > after)
        .toSorted((a, b) => (a.lane < b.lane ? -1 : 1))
        .slice(0, limit),
  };

  #heads(): Map<string, Delivery> {
    const heads = new Map<string, Delivery>();
    for (const row of this.open()) {
      const head = heads.get(row.lane);
      const earlier =
        head === undefined || row.order < head.order || (row.order === head.order && row.id < head.id);
      if (earlier) heads.set(row.lane, row);
    }
    return heads;
  }

  #claimed({ id, attempts }: Claimed): Delivery | undefined {
    const row = this.rows.get(id);
    return row !== undefined && isOpen(row) && row.attempts === attempts ? row : undefined;
  }

  #change(row: Delivery, change: Partial<Delivery>, release: boolean): void {
    const { claim, ...rest } = { ...row, ...change };
    this.rows.set(row.id, release || claim === undefined ? rest : { ...rest, claim });
  }

  #dialog(id: string): Dialog {
    return this.dialogRows.get(id)!;
  }

  #dialogWhere(fits: (dialog: Dialog) => boolean): Dialog | undefined {
    return [...this.dialogRows.values()].find(fits);
  }

  #firstLink(fits: (link: MessageLink) => boolean): MessageLink | undefined {
    return this.linkRows.filter(fits).toSorted((a, b) => a.part - b.part)[0];
  }
}
