/** One game of the flows: people write, the world does its worst, then everything comes to rest and is compared with what people see. */
import { startSweep } from '../../../src/app/sweep.js';
import type { Connection } from '../../../src/domain/connection.js';
import type { MessageEvent } from '../../../src/domain/event.js';
import {
  boxOf,
  commonBox,
  connectionId,
  dialogId,
  isDesk,
  peerOf,
  type OwnerId,
  type Peer,
} from '../../../src/domain/ids.js';
import { plain } from '../../../src/domain/content.js';
import { createDirectory } from '../../../src/flows/directory.js';
import { openMemoryQueue } from '../../../src/queue/memory.js';
import type { Ingest } from '../../../src/flows/ingest.js';
import type { Queue } from '../../../src/ports/queue.js';
import { silentLog } from '../../support/silent-log.js';
import { VirtualClock } from '../../support/virtual-clock.js';
import { seeded, type Random } from '../../telegram/updates/model/random.js';
import { desk, group, noHoles, shop, wireFlows } from '../house.js';
import { MemoryStore } from './memory-store.js';
import { Mishaps, type Faults, type Life } from './mishaps.js';
import { Pipe } from './pipe.js';
import { forgetful, reachStore, reachTown, storedFloods, type Executed } from './reach.js';
import { politeSender } from './polite-sender.js';
import { photo, Town, type Limit } from './town.js';

export interface Scenario {
  readonly seed: number;
  readonly moves: number;
  readonly clients: number;
  readonly faults: Faults;
  readonly limit?: Limit;
}

/** Parts of one album as its author sent it. */
export interface Album {
  readonly texts: readonly string[];
}

/** A connection whose topics stand in another group. */
export const branch: Connection = {
  ...shop,
  id: connectionId('101'),
  peer: peerOf('user', 101),
  group: peerOf('channel', 2000000002),
};

/** Between looking whether an album is whole and taking it in hand: two answers of the store. */
const inHandMs = 60;

export class Game {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore(() => this.clock.now());
  readonly town = new Town(() => this.clock.now());
  readonly random: Random;
  readonly mishaps: Mishaps;
  /** What was written, by dialog: to be read in its topic, and by its client. */
  readonly written = { topic: new Map<Peer, string[]>(), client: new Map<Peer, string[]>() };
  readonly albums: Album[] = [];
  /** Calls that left during a wait that the process knew of, or could have read from the store when it was started. */
  readonly impatient: string[] = [];
  readonly #pipes: Record<'shop' | 'branch' | 'desk', Pipe>;
  readonly clients: readonly Peer[];
  #ingest: Ingest | undefined;
  #life: Life = { dead: true };
  #lives = 0;
  #texts = 0;
  /** By text: the message it was first written in. */
  readonly #sources = new Map<string, { msgId: number; atMs: number }>();
  queue: Queue | undefined;

  constructor({ seed, clients, faults, limit }: Omit<Scenario, 'moves'>) {
    this.random = seeded(seed);
    const luck = seeded(seed ^ 0x5eed);
    this.mishaps = new Mishaps(this.clock, luck, faults);
    this.town.limit = limit;
    this.clients = Array.from({ length: clients }, (_, at) => peerOf('user', 10 + at));
    const world = { store: this.store, clock: this.clock, random: luck };
    const wake = (owner: OwnerId) => () => {
      if (!this.#life.dead && !this.mishaps.chance(this.mishaps.faults.forget)) this.#ingest?.wake(owner);
    };
    this.#pipes = {
      shop: new Pipe(shop.id, world, wake(shop.id)),
      branch: new Pipe(branch.id, world, wake(branch.id)),
      desk: new Pipe(desk.id, world, wake(desk.id)),
    };
  }

  /** A process begins; when it dies another one follows within seconds. */
  async boot(): Promise<void> {
    const life: Life = {
      dead: false,
      onDeath: () => this.clock.setTimer(200 + this.random.int(2000), () => void this.boot()),
    };
    this.#life = life;
    this.#lives += 1;
    const { clock } = this;
    const sender = politeSender(
      reachTown(this.town, this.mishaps, life, (...news) => {
        this.#told(...news);
      }),
      {
        clock,
        floods: storedFloods(this.store, clock.now()),
        impatient: (words) => void this.impatient.push(words),
      },
    );
    const directory = createDirectory();
    directory.update([shop, branch], [desk]);
    const queue = openMemoryQueue({ clock, log: silentLog, retryDelayMs: () => 200 });
    const parts = {
      store: reachStore(this.store, this.mishaps, life),
      queue: forgetful(queue, this.mishaps),
      sender,
      directory,
      clock,
      log: silentLog,
      holder: `life-${this.#lives}`,
    };
    const ingest = wireFlows(parts);
    this.#ingest = ingest;
    this.queue = queue;
    // One process alone ends the claims of the last one; beside others it waits until they run out.
    if (this.random.chance(0.5)) await this.store.deliveries.releaseClaims();
    await queue.start();
    for (let tries = 0; tries < 100; tries += 1) {
      const started = await startSweep({ ...parts, store: { ...parts.store, holes: noHoles }, ingest }).then(
        () => true,
        () => false,
      );
      if (started) return;
    }
  }

  async play(moves: number): Promise<void> {
    this.#stall(this.mishaps.faults.stallMs);
    for (let move = 0; move < moves; move += 1) {
      this.random.pick([
        () => this.write(this.random.pick(this.clients)),
        () => this.write(this.random.pick(this.clients)),
        () => this.album(this.random.pick(this.clients)),
        () => this.answer(this.random.pick(this.clients)),
        () => this.answer(this.random.pick(this.clients), 3),
      ])();
      await this.clock.advance(this.random.pick([0, 0, 50, 700, 3000]));
    }
  }

  /** Everything goes well from now on. True when within so many minutes nothing is left to do. */
  async rest(minutes: number): Promise<boolean> {
    this.mishaps.faults = { ...this.mishaps.faults, storeFails: 0, sendFails: 0, crash: 0, forget: 0 };
    this.#stall(0);
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.clock.advance(60_000);
      if (this.#isQuiet()) return true;
    }
    return false;
  }

  /** What is written to the branch is not compared. */
  write(client: Peer, to = shop): void {
    const text = this.#text();
    const pipe = to === shop ? this.#pipes.shop : this.#pipes.branch;
    pipe.push({ ...this.#fromClient(client, text), owner: to.id });
    if (to === shop) listOf(this.written.topic, client).push(text);
  }

  album(client: Peer): void {
    const groupedId = `${(this.#texts += 1)}`;
    const parts = this.#albumParts();
    this.#pipes.shop.push(
      ...parts.map((text) => ({ ...this.#fromClient(client, text), groupedId, content: photo(text) })),
    );
    listOf(this.written.topic, client).push(...parts);
  }

  /** Only where the dialog has its topic. */
  answer(client: Peer, size = 1): void {
    const topic = this.store.dialogRows.get(dialogId(shop.id, client))?.topic;
    if (topic?.state !== 'open') return;
    const groupedId = `${(this.#texts += 1)}`;
    const parts = size === 1 ? [this.#text()] : this.#albumParts();
    const events = parts.map((text) => this.#fromOperator(topic.id, text));
    this.#pipes.desk.push(
      ...events.map((event) =>
        size === 1 ? event : { ...event, groupedId, content: photo(event.content.text.text) },
      ),
    );
    listOf(this.written.client, client).push(...parts);
  }

  /** What stands there now, by dialog. */
  read(): { topic: Map<Peer, string[]>; client: Map<Peer, string[]> } {
    const topic = new Map<Peer, string[]>();
    const client = new Map<Peer, string[]>();
    for (const post of this.town.read(true)) {
      const dialog = [...this.store.dialogRows.values()].find(
        (row) => row.topic.state === 'open' && row.topic.id === post.topic,
      );
      listOf(topic, dialog?.peer ?? group).push(bare(post.text));
    }
    for (const message of this.town.read(false)) listOf(client, message.peer).push(bare(message.text));
    return { topic, client };
  }

  /** When the message behind a post was written. */
  writtenMs(text: string): number {
    return this.#sources.get(bare(text))?.atMs ?? NaN;
  }

  /** Parts that stand in a call of their own although they were in the journal before the first of the album was taken in hand. */
  torn({ texts }: Album): string[] {
    const posts = this.town.posts.filter(({ text }) => texts.includes(bare(text)));
    const first = posts.find(({ text }) => bare(text) === texts[0]);
    const begunMs = Math.min(
      ...[...this.store.rows.values()]
        .filter((row) => row.parts.some((part) => part.msgId === this.#sources.get(texts[0]!)?.msgId))
        .map((row) => this.store.begunMs.get(row.id) ?? Infinity),
    );
    return posts
      .filter(({ call, text }) => call !== first?.call && this.#journaledMs(bare(text)) < begunMs - inHandMs)
      .map(({ text }) => bare(text));
  }

  #journaledMs(text: string): number {
    const msgId = this.#sources.get(text)?.msgId;
    const row = [...this.store.entries.values()].find(
      ({ event }) => event.kind === 'message' && event.msgId === msgId,
    );
    return row?.receivedAt ?? Infinity;
  }

  #isQuiet(): boolean {
    const empty = Object.values(this.#pipes).every((pipe) => pipe.empty);
    const routed = [...this.store.entries.values()].every((row) => row.routed);
    return empty && routed && this.store.open().length === 0;
  }

  #stall(ms: number): void {
    for (const pipe of Object.values(this.#pipes)) pipe.stallMs = ms;
  }

  #albumParts(): string[] {
    const texts = Array.from({ length: 2 + this.random.int(3) }, () => this.#text());
    this.albums.push({ texts });
    return texts;
  }

  #text(): string {
    return `t${(this.#texts += 1)}`;
  }

  #fromClient(peer: Peer, text: string): MessageEvent {
    const msgId = this.town.nextId();
    if (!this.#sources.has(text)) this.#sources.set(text, { msgId, atMs: this.clock.now() });
    return {
      kind: 'message',
      owner: shop.id,
      box: commonBox,
      peer,
      msgId,
      out: false,
      author: peer,
      authorIsBot: false,
      date: Math.floor(this.clock.now() / 1000),
      content: { text: plain(text) },
    };
  }

  #fromOperator(topic: number, text: string): MessageEvent {
    const at = { owner: desk.id, box: boxOf(group), peer: group, author: peerOf('user', 9), topic };
    return { ...this.#fromClient(group, text), ...at };
  }

  /** What Telegram has executed comes back as news, with or without the answer. */
  #told(owner: OwnerId, { randomId, peer, text }: Executed, certain: boolean): void {
    const msgId = this.town.known.get(randomId)!.msgId;
    const pipe = this.#pipes[isDesk(owner) ? 'desk' : 'shop'];
    if (certain || this.mishaps.chance(0.7))
      pipe.push({ kind: 'sent', owner, box: boxOf(peer), randomId, msgId });
    // A difference brings our own message too; its echo must not pass for the primary's.
    if (!certain && text !== undefined && !isDesk(owner) && this.mishaps.chance(0.5))
      pipe.push({ ...this.#fromClient(peer, text), msgId, out: true, author: shop.peer });
  }
}

function listOf<K, V>(map: Map<K, V[]>, key: K): V[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

/** Without the mark of what comes late. */
function bare(text: string): string {
  return text.replace(/^🕓 .*? UTC: /u, '');
}
