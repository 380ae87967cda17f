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
 * (`channels.createForumTopic`, `messages.createForumTopic`) need a handler.
 */
import type { Tl } from '../types.js';
import type { Authorisation, Caller, Listening, ServerOptions } from './api.js';
import type { Faults } from './faults.js';

export type * from './api.js';
export type { Fault, FaultName, Faults, FaultWhen } from './faults.js';
export { FAULTS } from './faults.js';

export declare class MtprotoServer {
  readonly faults: Faults;
  /** The public key that clients need, PEM (SPKI) and fingerprint (unsigned). */
  readonly publicKey: {
    readonly pem: string;
    readonly n: bigint;
    readonly e: number;
    readonly fingerprint: bigint;
  };
  constructor(options: ServerOptions);
  listen(): Promise<Listening>;
  close(): Promise<void>;
  /** Fans one Updates object out to every authorisation of the user (its last active session), except one. */
  push(userId: bigint, updates: Tl, except?: Caller | string): void;
  /** To one authorisation, logged in or not (`updateLoginToken`). */
  pushTo(authKeyId: string, updates: Tl): void;
  authorisations(userId: bigint): Authorisation[];
  /** Makes the key unknown; its connections get -404 and close. */
  revoke(authKeyId: string): boolean;
  /** A ready key, so that a test skips the handshake; returns its id. */
  registerAuthKey(key: Buffer, owner?: { readonly userId?: bigint; readonly dc?: number }): string;
  /** Adds a schema: TL text of an API layer. */
  addLayer(layer: number, text: string): void;
}
