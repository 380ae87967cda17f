/** The process around an engine: its ports with latency and faults, its deaths and its new starts. */
import type { tl } from '@mtcute/tl';
import type { GatewayError } from '../../../../src/domain/errors.js';
import { connectionId } from '../../../../src/domain/ids.js';
import type { UpdateStore } from '../../../../src/ports/updates.js';
import { createEngine } from '../../../../src/telegram/updates/engine.js';
import type {
  EnginePorts,
  HoleEvent,
  UpdateEngine,
  UpdatesApi,
} from '../../../../src/telegram/updates/ports.js';
import type { CoreSettings } from '../../../../src/telegram/updates/state.js';
import type { VirtualClock } from '../../../support/virtual-clock.js';
import { normalise } from './normalise.js';
import type { MemoryStore } from './memory-store.js';
import type { Random } from './random.js';
import { Refusal, self, type Server } from './server.js';

/** Probabilities; all 0: a perfect world. */
export interface Faults {
  readonly drop: number;
  readonly duplicate: number;
  /** Pushes come up to so late (ms), hence in any order. */
  readonly delayMs: number;
  readonly minPeers: number;
  readonly undecodable: number;
  readonly callFails: number;
  readonly storeFails: number;
  readonly crash: number;
  readonly disconnect: number;
}

export const noFaults: Faults = {
  drop: 0,
  duplicate: 0,
  delayMs: 0,
  minPeers: 0,
  undecodable: 0,
  callFails: 0,
  storeFails: 0,
  crash: 0,
  disconnect: 0,
};

interface Life {
  dead: boolean;
}

const owner = connectionId('1');

export class Host {
  faults: Faults;
  readonly terminal: GatewayError[] = [];
  readonly calls: { method: string; atMs: number }[] = [];
  journaled = 0;
  paused = false;
  fence = 0;
  /** A new process takes over after a crash. */
  reboots = true;
  engine: UpdateEngine | undefined;
  readonly clock: VirtualClock;
  readonly server: Server;
  readonly store: MemoryStore;
  readonly known = new Set<string>();
  /** What the engine told of its holes. */
  readonly holes: HoleEvent[] = [];
  readonly shared: boolean;
  #connected = true;
  #life: Life = { dead: true };
  readonly #random: Random;
  readonly #limits: Partial<CoreSettings>;
  #socket: tl.TypeUpdates[] = [];

  constructor(
    world: { clock: VirtualClock; server: Server; store: MemoryStore; random: Random },
    faults: Faults,
    limits: Partial<CoreSettings>,
    shared = false,
  ) {
    this.clock = world.clock;
    this.server = world.server;
    this.store = world.store;
    this.#random = world.random;
    this.faults = faults;
    this.#limits = limits;
    this.shared = shared;
  }

  async boot(): Promise<void> {
    const life: Life = { dead: false };
    this.#life = life;
    this.fence += 1;
    this.#connected = true;
    this.paused = false;
    this.#socket = [];
    const settings = { owner, fence: this.fence, self, bot: this.shared, shared: this.shared, layer: 223 };
    const engine = createEngine(settings, this.#ports(life), this.#limits);
    this.engine = engine;
    await engine.start().catch(() => this.crash());
  }

  /** The process is gone between two instants; what it had sent to the store may still arrive. */
  crash(): void {
    if (this.#life.dead) return;
    this.#life.dead = true;
    this.engine = undefined;
    if (this.reboots) this.clock.setTimer(200 + this.#random.int(2000), () => void this.boot());
  }

  /** What may befall the process or its connection between two moves. */
  mishap(): void {
    if (this.#random.chance(this.faults.disconnect)) this.disconnect();
    if (this.#random.chance(this.faults.crash / 2)) this.crash();
  }

  disconnect(): void {
    if (!this.#connected) return;
    this.#connected = false;
    const life = this.#life;
    this.clock.setTimer(100 + this.#random.int(4000), () => {
      this.#connected = true;
      if (!life.dead) this.engine?.onEvent('reconnected');
    });
  }

  /** Telegram pushes; the network does what it does. */
  push(updates: tl.TypeUpdates): void {
    const { drop, duplicate, undecodable, delayMs } = this.faults;
    if (!this.#connected || this.#random.chance(drop)) return;
    if (this.#random.chance(undecodable)) {
      this.engine?.onEvent('undecodable');
      return;
    }
    const copies = this.#random.chance(duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#later(delayMs, () => this.#hand(this.#shorten(updates)));
    }
  }

  /** A call of a caller above the engine: its result passes the engine, unless it is lost. */
  result(request: tl.RpcMethod, result: unknown): void {
    if (this.#random.chance(this.faults.drop)) return;
    this.#later(this.faults.delayMs, () => this.engine?.onResult(request, result));
  }

  #later(delayMs: number, run: () => void): void {
    const life = this.#life;
    const alive = () => {
      if (!life.dead) run();
    };
    if (delayMs === 0) alive();
    else this.clock.setTimer(this.#random.int(delayMs), alive);
  }

  #hand(updates: tl.TypeUpdates): void {
    if (this.paused || this.#socket.length > 0) this.#socket.push(updates);
    else this.engine?.onUpdates(updates);
  }

  /** One after the other and never within a call of the engine, as packets come; until it stops reading again. */
  #read(life: Life): void {
    this.clock.setTimer(0, () => {
      const next = this.paused || life.dead ? undefined : this.#socket.shift();
      if (next === undefined) return;
      this.engine?.onUpdates(next);
      this.#read(life);
    });
  }

  #shorten(updates: tl.TypeUpdates): tl.TypeUpdates {
    if (updates._ !== 'updates' || !this.#random.chance(this.faults.minPeers)) return updates;
    return {
      ...updates,
      users: updates.users.map((user) => (user._ === 'user' ? { ...user, min: true } : user)),
    };
  }

  #ports(life: Life): EnginePorts {
    return {
      store: this.#storeOf(life),
      api: this.#apiOf(life),
      peers: {
        knows: (kind, id) => this.known.has(`${kind}${id}`),
        save: async (users, chats) => {
          if (life.dead) return;
          for (const user of users)
            if (user._ === 'user' && user.min !== true) this.known.add(`user${user.id}`);
          for (const chat of chats) this.known.add(`${chat._}${chat.id}`);
        },
      },
      clock: this.clock,
      random: () => this.#random.next(),
      normalise,
      serialise: (update) => Buffer.from(JSON.stringify({ ...update, pts: 0 })),
      faultOf: (thrown) => (thrown instanceof Refusal ? thrown.fault : undefined),
      reading: {
        pause: () => (this.paused = true),
        resume: () => {
          this.paused = false;
          this.#read(life);
        },
      },
      onHole: (event) => {
        if (!life.dead) this.holes.push(event);
      },
      onJournaled: () => (this.journaled += 1),
      onTerminal: (error) => {
        if (life.dead) return;
        this.terminal.push(error);
        if (error.code === 'STALE_FENCE') this.crash();
      },
    };
  }

  #apiOf(life: Life): UpdatesApi {
    const call = <T>(method: string, run: () => Promise<T>): Promise<T> => this.#call(life, method, run);
    const { server } = this;
    return {
      getState: () => call('getState', () => server.getState()),
      getDifference: (from) => call('getDifference', () => server.getDifference(from)),
      getChannelDifference: (channel, pts, limit) =>
        call('getChannelDifference', () => server.getChannelDifference(channel, pts, limit)),
      getChannelState: (channel) => call('getChannelState', () => server.getChannelState(channel)),
      getMessages: (channel, ids) => call('getMessages', () => server.getMessages(channel, ids)),
    };
  }

  async #call<T>(life: Life, method: string, run: () => Promise<T>): Promise<T> {
    this.calls.push({ method, atMs: this.clock.now() });
    await this.#latency(life);
    if (this.#random.chance(this.faults.crash)) this.crash();
    if (life.dead) return never();
    if (this.#random.chance(this.faults.callFails)) {
      throw this.#random.pick([
        new Error('network'),
        new Refusal(500, 'PERSISTENT_TIMESTAMP_OUTDATED'),
        new Refusal(-503, 'Timeout'),
        new Refusal(420, 'FLOOD_WAIT', 2),
      ]);
    }
    const answer = await run();
    await this.#latency(life);
    return answer;
  }

  async #latency(life: Life): Promise<void> {
    await new Promise<void>((resolve) => this.clock.setTimer(1 + this.#random.int(80), resolve));
    if (life.dead) await never();
  }

  #storeOf(life: Life): UpdateStore {
    const guard = async <T>(run: () => Promise<T>): Promise<T> => {
      if (this.#random.chance(this.faults.crash)) this.crash();
      // What a dying process has sent may still be executed.
      if (life.dead && this.#random.chance(0.5)) return never();
      try {
        return await run();
      } finally {
        if (this.#random.chance(this.faults.crash)) this.crash();
        if (life.dead) await never();
      }
    };
    const { store } = this;
    store.gate = async () => {
      await new Promise<void>((resolve) => this.clock.setTimer(1 + this.#random.int(10), resolve));
      return this.#random.chance(this.faults.storeFails)
        ? this.#random.pick(['before', 'partly', 'after'] as const)
        : 'done';
    };
    return {
      load: () => guard(() => store.load()),
      append: (...args) => guard(() => store.append(...args)),
      advance: (...args) => guard(() => store.advance(...args)),
      recordHole: (...args) => guard(() => store.recordHole(...args)),
      loseHole: (...args) => guard(() => store.loseHole(...args)),
      closeHole: (...args) => guard(() => store.closeHole(...args)),
      countOpenHoles: () => store.countOpenHoles(),
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
