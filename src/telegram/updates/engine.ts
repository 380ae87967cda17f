/** One account's update engine: hands everything that happens to the pure core, one after the other, and does what it wants. */
import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import { createAcceptedPeers } from './accepted-peers.js';
import { makeCall } from './caller.js';
import { containerOf } from './containers.js';
import { healthOf, isQuiet } from './health.js';
import { incompleteOf } from './peers.js';
import type { EnginePorts, EngineSettings, TransportEvent, UpdateEngine } from './ports.js';
import type { Answer, Effect, Input } from './protocol.js';
import { ownResult } from './results.js';
import { boxName, initialState, settingsFor, type CoreSettings, type EngineState } from './state.js';
import { step } from './step.js';
import { createTimers, type Timers } from './timers.js';
import { createWriter, type Writer } from './writer.js';

/** `limits` are for tests and for people who know why. */
export function createEngine(
  settings: EngineSettings,
  ports: EnginePorts,
  limits: Partial<CoreSettings> = {},
): UpdateEngine {
  return new Engine(settings, ports, { ...settingsFor(settings), ...limits });
}

/** A resync of the whole account waits for boxes that its caller may not need: one that Telegram refuses must not hold everybody. */
const longestResyncMs = 15_000;

/** What an input is before it gets its time. */
type Happening = Input extends infer One ? (One extends Input ? Omit<One, 'now'> : never) : never;

class Engine implements UpdateEngine {
  readonly #settings: EngineSettings;
  readonly #ports: EnginePorts;
  readonly #peers: ReturnType<typeof createAcceptedPeers>;
  readonly #timers: Timers;
  readonly #inbox: Happening[] = [];
  readonly #waiters = new Set<() => void>();
  #state: EngineState;
  #writer: Writer | undefined;
  #busy = false;
  #closed = false;

  constructor(settings: EngineSettings, ports: EnginePorts, core: CoreSettings) {
    this.#settings = settings;
    this.#ports = ports;
    this.#state = initialState(core, undefined);
    this.#peers = createAcceptedPeers(ports.peers, settings.self);
    this.#timers = createTimers(ports.clock, (name) => this.#take({ type: 'timer', ...name }));
  }

  async start(): Promise<void> {
    const { owner, fence } = this.#settings;
    // First our fence, then the state: what an older holder still writes can no longer change it under us.
    await this.#ports.store.append(owner, fence, []);
    const stored = await this.#ports.store.load(owner);
    this.#state = initialState(this.#state.settings, stored);
    this.#writer = createWriter(this.#settings, this.#ports, stored, {
      committed: (weight, rows) => {
        this.#take({ type: 'committed', weight });
        if (rows > 0) this.#ports.onJournaled();
      },
      stale: (error) => this.#end(error),
    });
    this.#take({ type: 'start' });
  }

  onUpdates(updates: tl.TypeUpdates): void {
    const container = containerOf(updates, this.#settings.self);
    if (container === undefined) {
      this.onEvent('tooLong');
      return;
    }
    const incomplete = incompleteOf(container.updates, container, (kind, id) => this.#peers.knows(kind, id));
    this.#take({ type: 'container', container, incomplete });
  }

  onResult(request: tl.RpcMethod, result: unknown): void {
    const own = ownResult(request, result, this.#settings.self);
    if (own === undefined) return;
    const { key, ...rest } = own;
    this.#take({ type: 'result', box: boxName(key), ...rest });
  }

  onEvent(event: TransportEvent): void {
    this.#take({ type: 'event', event });
  }

  resync(): Promise<void> {
    if (this.#closed || this.#writer === undefined) return Promise.reject(notWhole());
    this.#take({ type: 'event', event: 'resync' });
    return new Promise((resolve, reject) => {
      const release = () => {
        cancel();
        this.#waiters.delete(release);
        if (!this.#closed && isQuiet(this.#state)) resolve();
        else reject(notWhole());
      };
      const cancel = this.#ports.clock.setTimer(longestResyncMs, release);
      this.#waiters.add(release);
      this.#release();
    });
  }

  async stop(): Promise<void> {
    this.#shut();
    await this.#writer?.close();
  }

  health() {
    return healthOf(this.#state);
  }

  /** Inputs are taken strictly one after the other, also those that an effect causes at once. */
  #take(happening: Happening): void {
    if (this.#closed || this.#writer === undefined) return;
    this.#inbox.push(happening);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        const { state, effects } = step(this.#state, { ...next, now: this.#ports.clock.now() });
        this.#state = state;
        for (const effect of effects) this.#perform(effect, this.#writer);
      }
    } catch (thrown) {
      // A bug: what is durable is whole, so starting anew is safer than going on with half a step.
      this.#end(new GatewayError('INTERNAL', 'the update engine failed', { cause: thrown }));
    } finally {
      this.#busy = false;
    }
    this.#release();
  }

  #perform(effect: Effect, writer: Writer): void {
    switch (effect.do) {
      case 'commit':
        writer.push(effect.commit);
        break;
      case 'ask':
        void this.#ask(effect);
        break;
      case 'start-timer':
        this.#timers.start(effect, effect.delayMs + this.#ports.random() * effect.jitterMs);
        break;
      case 'stop-timer':
        this.#timers.stop(effect);
        break;
      case 'pause':
        this.#ports.reading.pause();
        break;
      case 'resume':
        this.#ports.reading.resume();
        break;
      case 'terminal':
        this.#end(new GatewayError('SESSION_DEAD', effect.type));
    }
  }

  async #ask({ key, gen, call }: Extract<Effect, { do: 'ask' }>): Promise<void> {
    let answer: Answer;
    try {
      answer = await makeCall(this.#ports.api, call);
    } catch (thrown) {
      this.#take({ type: 'failure', key, gen, fault: this.#ports.faultOf(thrown) });
      return;
    }
    this.#peers.accept(answer);
    this.#take({ type: 'answer', key, gen, answer });
  }

  #end(error: GatewayError): void {
    if (this.#closed) return;
    this.#shut();
    this.#writer?.stop();
    this.#ports.onTerminal(error);
  }

  #shut(): void {
    this.#closed = true;
    this.#inbox.length = 0;
    this.#timers.stopAll();
    this.#release();
  }

  /** Whoever waits for a resync may go on once nothing is open any more. */
  #release(): void {
    if (this.#waiters.size === 0) return;
    if (!this.#closed && !isQuiet(this.#state)) return;
    for (const release of this.#waiters) release();
  }
}

/** Of a resync that has not heard everything: what is not in the journal may still come. */
function notWhole(): GatewayError {
  return new GatewayError('TELEGRAM_UNREACHABLE', 'it has not told everything yet');
}
