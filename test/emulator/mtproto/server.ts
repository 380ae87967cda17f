/**
 * The wire half of the local Telegram. How to use it:
 *
 *   const server = new MtprotoServer({ handlers: { 'help.getConfig': (caller) => ({ _: 'config', … }) } });
 *   const { host, ports } = await server.listen();        // ports[2] = port of DC 2
 *   server.push(userId, { _: 'updates', … }, caller);     // to every authorisation of the user but the caller's
 *   server.faults.add({ name: 'call.flood', seconds: 3, when: { method: 'messages.sendMessage' }, times: 1 });
 *   await server.close();
 *
 * Objects are plain: `{ _: 'message', id: 1, … }`, names and fields as in the schema (snake_case), longs
 * bigint, bytes Buffer, optional fields simply absent, `true` flags as `true`. A handler writes for the newest
 * layer; what a client's layer can't express is downgraded on the way out. Both names of a moved method
 * (`channels.createForumTopic`, `messages.createForumTopic`) need a handler. Handlers may push at any time;
 * a push made inside a handler leaves before the handler's answer.
 */
import type { Socket } from 'node:net';
import { keyIdOf } from '../crypto/message.js';
import { RsaKey, type PublicKey } from '../crypto/rsa.js';
import { TEST_KEY } from '../crypto/test-key.js';
import { Layers } from '../schema/layers.js';
import type { Tl } from '../types.js';
import type { Authorisation, Caller, Listening, ServerOptions } from './api.js';
import { ServerClock, systemClock } from './clock.js';
import { Connection } from './connection.js';
import type { Core } from './core.js';
import { FaultDesk, matches, type FaultEffects } from './fault-desk.js';
import type { Faults, FaultWhen } from './faults.js';
import { Keys, type AuthKey } from './keys.js';
import { Listeners } from './listeners.js';
import { MessageIds } from './message-ids.js';
import { pushTo } from './pushes.js';
import { Sessions } from './sessions.js';

export type * from './api.js';
export type { Fault, FaultName, Faults, FaultWhen } from './faults.js';
export { FAULTS } from './faults.js';

export class MtprotoServer {
  readonly faults: Faults;
  /** What clients need to know of the RSA key. */
  readonly publicKey: PublicKey;
  /** Connections accepted so far: who tries again and again is counted, also where no call comes through. */
  accepted = 0;
  private readonly core: Core;
  private readonly dcs: readonly number[];
  private readonly port: number;
  private readonly host: string;
  private readonly listeners: Listeners;
  private readonly connections = new Set<Connection>();
  private running = false;

  constructor(options: ServerOptions) {
    const { handlers, dcs = [2], port = 0, host = '127.0.0.1', containers = true } = options;
    const desk = new FaultDesk(this.effects());
    const clock = new ServerClock(options.clock ?? systemClock, () => clockJump(desk));
    const ids = new MessageIds(clock);
    const rsa = new RsaKey(options.privateKey ?? TEST_KEY);
    this.core = {
      rsa,
      layers: Layers.installed(),
      keys: new Keys(),
      sessions: new Sessions({ clock, ids, containers }),
      clock,
      ids,
      desk,
      handlers,
      onCall: options.onCall ?? (() => undefined),
      onProblem: options.onProblem ?? (() => undefined),
      revoke: (key) => void this.revoke(key.name),
    };
    this.faults = desk;
    this.publicKey = rsa.publicKey;
    this.dcs = dcs;
    this.port = port;
    this.host = host;
    this.listeners = new Listeners(host, (socket, dc) => this.accept(socket, dc));
  }

  /** Listens on one port per DC. Errors: the system's own (EADDRINUSE). */
  async listen(): Promise<Listening> {
    for (const [at, dc] of this.dcs.entries())
      await this.listeners.open(dc, this.port === 0 ? 0 : this.port + at);
    this.running = true;
    return { host: this.host, ports: this.listeners.ports };
  }

  /** Ends listeners, connections and timers; keys and sessions stay in memory. */
  async close(): Promise<void> {
    this.running = false;
    this.core.clock.stop();
    const shut = this.listeners.shutAll();
    for (const connection of this.connections) connection.destroy();
    await shut;
  }

  /** Fans one Updates object out to every authorisation of the user (its last active session), except one. */
  push(userId: bigint, updates: Tl, except?: Caller | string): void {
    const spared = typeof except === 'object' ? except.authKeyId : except;
    const keys = this.core.keys.of(userId).filter(({ name }) => name !== spared);
    pushTo(this.core, keys, updates);
  }

  /** To one authorisation, logged in or not (`updateLoginToken`). */
  pushTo(authKeyId: string, updates: Tl): void {
    const key = this.core.keys.get(authKeyId);
    if (key !== undefined) pushTo(this.core, [key], updates);
  }

  authorisations(userId: bigint): Authorisation[] {
    return this.core.keys.of(userId).map((key) => ({
      authKeyId: key.name,
      userId: key.userId,
      dc: key.dc,
      device: key.device,
      address: key.address,
      createdAt: key.createdAt,
      activeAt: key.activeAt,
      connections: [...this.connections].filter((connection) => connection.key === key).length,
    }));
  }

  /** Makes the key unknown; its connections get -404 and close. False: it was unknown. */
  revoke(authKeyId: string): boolean {
    const key = this.core.keys.get(authKeyId);
    if (key === undefined) return false;
    this.core.keys.delete(authKeyId);
    this.core.sessions.forget(key);
    for (const connection of this.connections) if (connection.key === key) connection.fail(-404);
    return true;
  }

  /** A ready key (256 bytes), so that a test skips the handshake; returns its id, also when it was known already. */
  registerAuthKey(key: Buffer, owner: { readonly userId?: bigint; readonly dc?: number } = {}): string {
    const dc = owner.dc ?? this.dcs[0] ?? 2;
    const added = this.core.keys.add({
      key: Buffer.from(key),
      dc,
      now: this.core.clock.now(),
      userId: owner.userId,
    });
    return added?.name ?? keyIdOf(key).toString('hex');
  }

  /** Adds a schema: TL text of an API layer. */
  addLayer(layer: number, text: string): void {
    this.core.layers.addLayer(layer, text);
  }

  private accept(socket: Socket, dc: number): void {
    this.accepted += 1;
    this.connections.add(
      new Connection(this.core, socket, dc, (connection) => {
        this.connections.delete(connection);
        if (connection.key !== undefined)
          for (const session of this.core.sessions.of(connection.key)) session.detach(connection);
      }),
    );
  }

  private effects(): FaultEffects {
    return {
      close: (when, how) => {
        for (const connection of this.connections)
          if (matches(when, connection.matter())) connection.close(how);
      },
      forgetSessions: (when) => {
        for (const key of this.keysOf(when)) this.core.sessions.forget(key);
      },
      rotateSalts: (when) => {
        for (const key of this.keysOf(when)) key.saltGeneration += 1;
      },
      changed: () => {
        this.applyRefusals().catch((error: unknown) =>
          this.core.onProblem(`can't listen again: ${String(error)}`),
        );
      },
    };
  }

  private keysOf(when: FaultWhen): AuthKey[] {
    return this.core.keys.all().filter(({ userId, dc }) => matches(when, { user: userId, dc }));
  }

  private async applyRefusals(): Promise<void> {
    if (!this.running) return;
    const refusals = this.core.desk.all('socket.refuse');
    for (const dc of this.dcs) {
      if (refusals.some(({ when }) => matches(when, { dc }))) void this.listeners.shut(dc);
      else await this.listeners.reopen(dc);
    }
  }
}

/** Milliseconds that the standing clock faults add up to. */
function clockJump(desk: FaultDesk): number {
  return desk.all('session.clock').reduce((sum, { seconds }) => sum + seconds * 1000, 0);
}
