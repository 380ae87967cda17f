/** One game: things happen at Telegram, the world does its worst, then everything comes to rest and is checked. */
import type { tl } from '@mtcute/tl';
import type { CoreSettings } from '../../../../src/telegram/updates/state.js';
import { VirtualClock } from '../../../support/virtual-clock.js';
import { Checks } from './checks.js';
import { Host, type Faults } from './host.js';
import { MemoryStore } from './memory-store.js';
import { seeded, type Random } from './random.js';
import { longOf, Server, type ServerLimits } from './server.js';
import type { Logged, ServerBox } from './server-box.js';

export interface Scenario {
  readonly seed: number;
  readonly moves: number;
  readonly faults: Faults;
  readonly server?: Partial<ServerLimits>;
  readonly core?: Partial<CoreSettings>;
  readonly shared?: boolean;
}

const unlimited: ServerLimits = { slice: 1000, tooLong: 1_000_000, channelTooLong: 1_000_000 };
export const pollMs = 60_000;

export class Game {
  readonly clock = new VirtualClock();
  readonly server: Server;
  readonly store = new MemoryStore();
  readonly host: Host;
  readonly checks: Checks;
  readonly random: Random;
  /** Random ids of the session's own sends. */
  readonly sent: number[] = [];

  constructor({ seed, faults, server, core, shared }: Omit<Scenario, 'moves'>) {
    this.random = seeded(seed);
    // The network has luck of its own, so that the same moves can be played through different weather.
    const luck = seeded(seed ^ 0x5eed);
    this.server = new Server(() => this.clock.now(), { ...unlimited, ...server });
    const { clock, store } = this;
    this.host = new Host(
      { clock, server: this.server, store, random: luck },
      faults,
      { pollMs, pollJitterMs: 0, ...core },
      shared,
    );
    this.checks = new Checks(this.server, store);
    store.onAdvance = this.checks.onAdvance;
  }

  async start(): Promise<void> {
    void this.host.boot();
    await this.clock.advance(2000);
  }

  async play(moves: number): Promise<void> {
    for (let move = 0; move < moves; move += 1) {
      this.#move();
      this.host.mishap();
      await this.clock.advance(this.random.pick([0, 0, 30, 100, 600]));
    }
  }

  /** Everything goes well from now on, nobody says a word: what is owed must come within the poll interval and a little. */
  async rest(): Promise<void> {
    const { faults } = this.host;
    this.host.faults = {
      ...faults,
      drop: 0,
      undecodable: 0,
      callFails: 0,
      storeFails: 0,
      crash: 0,
      disconnect: 0,
      minPeers: 0,
      duplicate: 0,
    };
    await this.clock.advance(70_000 + 2 * pollMs);
    this.checks.atRest();
  }

  message(author = this.random.pick([11, 12, 13])): Logged {
    return this.tell(this.server.common, this.server.write(this.server.common, author, this.#text()));
  }

  post(channel: number): Logged {
    const box = this.server.channel(channel);
    return this.tell(box, this.server.write(box, 11, this.#text()));
  }

  /** Sends as the session does: no push, only the answer. */
  send(box: ServerBox): number {
    const randomId = 1 + this.random.int(2 ** 40);
    this.sent.push(randomId);
    const logged = this.server.write(box, 11, this.#text(), { randomId });
    const result = this.server.sendResult(box, logged);
    const peer: tl.TypeInputPeer = box.channel
      ? { _: 'inputPeerChannel', channelId: box.channel, accessHash: longOf(box.channel) }
      : { _: 'inputPeerUser', userId: 11, accessHash: longOf(11) };
    this.host.result({ _: 'messages.sendMessage', peer, message: 'x', randomId: longOf(randomId) }, result);
    return randomId;
  }

  edit(box: ServerBox): void {
    const alive = box.alive();
    if (alive.length === 0) return;
    this.tell(box, box.edit(this.random.pick(alive).id, this.#text(), this.server.date()));
  }

  delete(box: ServerBox): void {
    const alive = box.alive();
    if (alive.length === 0) return;
    const ids = new Set([this.random.pick(alive).id, this.random.pick(alive).id]);
    this.tell(box, box.delete([...ids], this.server.date()));
  }

  read(box: ServerBox): void {
    const alive = box.alive();
    if (alive.length > 0) this.tell(box, box.read(this.random.pick(alive).id, this.server.date()));
  }

  /** An update under no counter, in a container under seq. */
  free(): void {
    this.server.seq += 1;
    const { seq } = this.server;
    const update: tl.TypeUpdate = { _: 'updateUserStatus', userId: 11, status: { _: 'userStatusEmpty' } };
    this.host.push({ _: 'updates', updates: [update], users: [], chats: [], date: this.server.date(), seq });
  }

  #move(): void {
    const channel = this.server.channel(this.random.pick([21, 22]));
    const { common } = this.server;
    const moves = [
      () => this.message(),
      () => this.message(),
      () => this.message(),
      () => this.post(21),
      () => this.post(22),
      () => this.send(common),
      () => this.send(channel),
      () => this.edit(common),
      () => this.edit(channel),
      () => this.delete(common),
      () => this.delete(channel),
      () => this.read(common),
      () => this.read(channel),
      () => this.free(),
      () => this.host.push(this.container([this.server.stop(11)])),
    ];
    this.random.pick(moves)();
  }

  tell(box: ServerBox, logged: Logged): Logged {
    this.host.push(this.container([box.updateOf(logged)]));
    return logged;
  }

  /** Pushed in one container, with all peers. */
  container(updates: tl.TypeUpdate[]): tl.TypeUpdates {
    return { _: 'updates', updates, ...this.server.peers(), date: this.server.date(), seq: 0 };
  }

  #text(): string {
    return `text ${this.random.int(1_000_000)}`;
  }
}

/** Plays a scenario to its end; throws where a promise is broken. */
export async function play(scenario: Scenario): Promise<Game> {
  const game = new Game(scenario);
  await game.start();
  await game.play(scenario.moves);
  await game.rest();
  return game;
}
