/** What must be true of a journal, whatever happened on the way. */
import { expect } from 'chai';
import type { JournalRow, StateChange } from '../../../../src/ports/updates.js';
import type { MemoryStore } from './memory-store.js';
import type { Server } from './server.js';
import type { Logged, ServerBox, ServerMessage } from './server-box.js';

/** Where the engine's knowledge of each box began: what lies before is nobody's loss. */
export class Checks {
  readonly #server: Server;
  readonly #store: MemoryStore;
  readonly #bases = new Map<string, number>();
  #qtsBase = Infinity;
  readonly #violations: unknown[] = [];

  constructor(server: Server, store: MemoryStore) {
    this.#server = server;
    this.#store = store;
  }

  /** P4: at the moment of every advance all rows up to it are in the journal. The engine must not see what is found. */
  readonly onAdvance = (change: StateChange): void => {
    try {
      this.#advanced(change);
    } catch (violation) {
      this.#violations.push(violation);
    }
  };

  #advanced(change: StateChange): void {
    const { common } = change;
    if (common !== undefined) {
      if (common.from === undefined && !this.#bases.has('common')) {
        this.#bases.set('common', common.to.pts);
        this.#qtsBase = common.to.qts;
      }
      this.#covered('common', this.#server.common, common.to.pts);
      expect(common.to.pts, 'I1 pts falls').least(common.from?.pts ?? 0);
    }
    for (const { from, to } of change.channels) {
      const name = `channel:${to.id}`;
      if (to.pts > 0 && !this.#bases.has(name)) this.#bases.set(name, to.pts);
      if (to.pts > 0) this.#covered(name, this.#server.channel(to.id), to.pts);
      // A channel met too late goes back once more to where it really began.
      if (to.status === 'live') expect(to.pts, 'I1 channel pts falls').least(from?.pts ?? 0);
    }
  }

  /** P1, P2, P3, P5 and the events under qts, once everything has come to rest. */
  atRest(): void {
    for (const violation of this.#violations) throw violation;
    this.#covered('common', this.#server.common, this.#server.common.pts);
    this.#boxAtRest('common', this.#server.common);
    for (const [id, box] of this.#server.channels) {
      if (!this.#bases.has(`channel:${id}`)) continue;
      this.#covered(`channel:${id}`, box, box.pts);
      this.#boxAtRest(`channel:${id}`, box);
    }
    const events = this.#server.qtsLog.filter(({ qts }) => qts > this.#qtsBase);
    for (const { qts } of events)
      expect(this.#store.rows.has(`c1-q-common-${qts}`), `qts ${qts}`).equal(true);
    const ords = [...this.#store.rows.values()].map((row) => row.ord);
    expect(new Set(ords).size, 'ord is unique').equal(ords.length);
  }

  #covered(name: string, box: ServerBox, upTo: number): void {
    const base = this.#bases.get(name) ?? Infinity;
    for (const event of box.log) {
      if (event.what !== 'new' || event.pts <= base || event.pts > upTo) continue;
      const message = box.messages.get(event.id)!;
      if (message.deleted === true || this.#inOpenHole(name, event)) continue;
      expect(
        this.#has(name, message),
        `P1/P4 message ${message.id} of ${name} (pts ${event.pts}) at ${upTo}`,
      ).equal(true);
    }
  }

  #has(name: string, message: ServerMessage): boolean {
    const { rows } = this.#store;
    if (rows.has(keyOf('n', name, message.id))) return true;
    return message.randomId !== undefined && rows.has(`c1-s-${message.randomId.toString()}`);
  }

  #boxAtRest(name: string, box: ServerBox): void {
    const rows = [...this.#store.rows.values()]
      .filter((row) => row.box === name)
      .toSorted((a, b) => a.ord - b.ord);
    const base = this.#bases.get(name) ?? 0;
    const firstOf = new Map(
      box.log.flatMap((event) => (event.what === 'new' ? [[event.id, event.pts] as const] : [])),
    );
    // Our own sends are no news: whether their row stands late or not at all, ingest knows them by id.
    // Nor is a message that was gone when its hole was fetched and whose push came late: it stands there, deleted, after younger ones.
    // Nor what lies in a hole that is lost: of that only what a dialog happens to show is known, and after a crash it may show others.
    const fetched = [...this.#store.holes.values()].some((hole) => hole.box === name);
    const isNews = (id: number) => {
      const message = box.messages.get(id);
      const pts = firstOf.get(id) ?? 0;
      return (
        pts > base &&
        !this.#inOpenHole(name, { what: 'new', id, pts, count: 1 }) &&
        message?.randomId === undefined &&
        !(fetched && message?.deleted === true)
      );
    };
    const news = rows.filter((row) => row.kind === 'new' && isNews(row.msgId!)).map((row) => row.msgId!);
    expect(news, `P3 order of ${name}`).deep.equal(news.toSorted((a, b) => a - b));
    expect(new Set(news).size, `P2 twice in ${name}`).equal(news.length);
    for (const message of box.messages.values()) {
      this.#converged(name, box, message, rows);
      this.#bound(name, message, firstOf.get(message.id) ?? 0, base);
    }
  }

  /** P10: the id of a send of ours is known, whatever became of the answer. */
  #bound(name: string, { id, randomId }: ServerMessage, pts: number, base: number): void {
    if (randomId === undefined || pts <= base || this.#jumped(name, { what: 'new', id, pts, count: 1 }))
      return;
    expect(this.#store.rows.get(`c1-s-${randomId.toString()}`)?.msgId, `P10 ${name} ${id}`).equal(id);
  }

  /** P5: the last word of the journal about a message is the server's. */
  #converged(name: string, box: ServerBox, message: ServerMessage, rows: readonly JournalRow[]): void {
    const of = rows.filter((row) => row.msgId === message.id && row.kind !== 'sent-id');
    if (!of.some((row) => row.kind === 'new')) return;
    if (box.log.some((event) => this.#jumped(name, event) && touches(event, message.id))) return;
    const last = of.findLast((row) => row.kind === 'new' || row.kind === 'edit');
    if (message.deleted === true)
      expect(of.at(-1)?.kind, `P5 ${name} ${message.id} is deleted`).equal('delete');
    else if (last !== undefined && 'content' in last.event) {
      expect(last.event.content.text.text, `P5 ${name} ${message.id}`).equal(message.text);
    }
  }

  #inOpenHole(name: string, event: Logged): boolean {
    return [...this.#store.holes.values()].some(
      (hole) =>
        hole.box === name && hole.closedAt === undefined && event.pts > hole.from && event.pts <= hole.to,
    );
  }

  /** In a hole edits and deletions are gone for good, even if its messages were fetched. */
  #jumped(name: string, event: Logged): boolean {
    return [...this.#store.holes.values()].some(
      (hole) => hole.box === name && event.pts > hole.from && event.pts <= hole.to,
    );
  }
}

function touches(event: Logged, id: number): boolean {
  return event.what === 'delete' ? event.ids.includes(id) : event.what === 'edit' && event.id === id;
}

/** What a journal says about messages that still exist, above the given ids: new ones in order, and the last text of each. */
export function saidOf(server: Server, store: MemoryStore, above: ReadonlyMap<string, number>): unknown {
  const boxes = [server.common, ...server.channels.values()].map((box) => {
    const name = box.channel === undefined ? 'common' : `channel:${box.channel}`;
    const rows = [...store.rows.values()].filter((row) => row.box === name).toSorted((a, b) => a.ord - b.ord);
    const alive = box
      .alive()
      .filter(({ id, randomId }) => id > (above.get(name) ?? 0) && randomId === undefined);
    const ids = new Set(alive.map(({ id }) => id));
    const texts = rows.flatMap((row) =>
      row.msgId !== undefined && ids.has(row.msgId) && 'content' in row.event
        ? [[row.msgId, row.event.content.text.text] as const]
        : [],
    );
    const order = rows.flatMap((row) => (row.kind === 'new' && ids.has(row.msgId!) ? [row.msgId] : []));
    return { name, order, texts: Object.fromEntries(texts) };
  });
  return boxes;
}

export function keyOf(letter: string, box: string, ...parts: (string | number)[]): string {
  return ['c1', letter, box.replace(':', '-'), ...parts].join('-');
}
