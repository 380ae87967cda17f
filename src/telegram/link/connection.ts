import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../domain/errors.js';
import type { Clock } from '../../ports/runtime.js';
import { readTl } from '../tl/codec.js';
import { agreeOnKey } from './handshake.js';
import { INIT_METHOD } from './init.js';
import { DISCONNECT_DELAY_SECONDS, KeepAlive } from './keep-alive.js';
import type { RsaKey } from './rsa-keys.js';
import type { Outgoing } from './outgoing.js';
import type { Address } from './server.js';
import { MtprotoSession, type SessionEnd } from './session.js';
import { Wire } from './wire.js';

const HANDSHAKE_TIMEOUT_MS = 30_000;
const INIT_TIMEOUT_MS = 15_000;

/** What survives a connection and starts the next one. */
export interface Credentials {
  /** 256 bytes. */
  readonly authKey: Buffer;
  readonly salt: Buffer;
  readonly timeOffsetSeconds: number;
}

export interface ConnectionEvents {
  updates(updates: tl.TypeUpdates): void;
  newSession(): void;
  undecodable(reason: string): void;
}

export interface ConnectionOptions {
  readonly address: Address;
  readonly clock: Clock;
  readonly events: ConnectionEvents;
  /** Nothing at all for this long while something is awaited means that the other side is gone. */
  readonly silenceMs: number;
}

/** One connection from dialling to its end: socket, session, keep-alive. Used once. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #wire: Wire;
  #session: MtprotoSession | undefined;
  #keepAlive: KeepAlive | undefined;
  #markEnded: (end: SessionEnd) => void = () => undefined;
  /** Resolves once, whoever ended it. */
  readonly ended = new Promise<SessionEnd>((resolve) => {
    this.#markEnded = resolve;
  });

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#wire = new Wire(options.address, options.clock);
  }

  /** Throws TELEGRAM_UNREACHABLE. */
  async connect(): Promise<void> {
    await this.#wire.connect();
  }

  /** A new key; `dc` where it is known. Throws TELEGRAM_UNREACHABLE after 30 s or when the server proves nothing. */
  async handshake(keys: readonly RsaKey[], dc: number | undefined): Promise<Credentials> {
    const cancel = this.#options.clock.setTimer(HANDSHAKE_TIMEOUT_MS, () => void this.#wire.disconnect());
    try {
      return await agreeOnKey(this.#wire, {
        keys,
        clock: this.#options.clock,
        ...(dc === undefined ? {} : { dc }),
      });
    } finally {
      cancel();
    }
  }

  /** Starts the session and makes the first call; answers Telegram's configuration, or how the session ended before that. */
  async initialise(credentials: Credentials, init: Buffer): Promise<tl.RawConfig | SessionEnd> {
    const { clock, silenceMs } = this.#options;
    const session = new MtprotoSession({
      wire: this.#wire,
      ...credentials,
      clock,
      listener: this.#listener(),
    });
    this.#session = session;
    const wire = this.#wire;
    this.#keepAlive = new KeepAlive(
      clock,
      {
        get waitingSinceMs() {
          return session.waitingSinceMs;
        },
        get flushedBytes() {
          return wire.flushedBytes;
        },
        get unflushedBytes() {
          return wire.unflushedBytes;
        },
        ping: () => {
          session.ping(DISCONNECT_DELAY_SECONDS);
        },
        silent: () => {
          session.end({ type: 'silence' });
        },
      },
      silenceMs,
    );
    await session.start();
    return Promise.race([this.#ask(session, init), this.ended]);
  }

  send(outgoing: Outgoing): void {
    this.#session?.send(outgoing);
  }

  drop(outgoing: Outgoing): void {
    this.#session?.drop(outgoing);
  }

  pause(): void {
    this.#wire.pause();
    this.#keepAlive?.pause();
  }

  resume(): void {
    this.#wire.resume();
    this.#keepAlive?.resume();
  }

  end(end: SessionEnd): void {
    this.#session?.end(end);
    this.#finish(end);
  }

  /** Salt and clock as they are now. */
  refreshed(credentials: Credentials): Credentials {
    const session = this.#session;
    if (session === undefined) return credentials;
    return { ...credentials, salt: session.salt, timeOffsetSeconds: session.timeOffsetSeconds };
  }

  async #ask(session: MtprotoSession, init: Buffer): Promise<tl.RawConfig> {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const cancel = this.#options.clock.setTimer(INIT_TIMEOUT_MS, () => {
        reject(new GatewayError('TELEGRAM_UNREACHABLE', 'no answer to the first call'));
      });
      void this.ended.then(cancel);
      session.send({
        method: INIT_METHOD,
        bytes: init,
        sent: false,
        settle: (answer) => {
          cancel();
          if (answer instanceof GatewayError) reject(answer);
          else resolve(answer);
        },
      });
    });
    return readTl(answer) as tl.RawConfig;
  }

  #listener() {
    const { events } = this.#options;
    return {
      ...events,
      received: () => this.#keepAlive?.received(),
      pong: () => this.#keepAlive?.pong(),
      ended: (end: SessionEnd) => {
        this.#finish(end);
      },
    };
  }

  #finish(end: SessionEnd): void {
    this.#keepAlive?.stop();
    void this.#wire.disconnect();
    this.#markEnded(end);
  }
}
