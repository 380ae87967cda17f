import type { tl } from '@mtcute/tl';

import type { OwnerId, Peer } from '../../../src/domain/ids.js';
import type { KnownPeer, Peers } from '../../../src/ports/store.js';
import type { CallOptions, Caller } from '../../../src/telegram/link/link.js';
import type { CallingSession, SessionOf } from '../../../src/telegram/peers/session.js';
import { rpcFailure } from '../../../src/telegram/rpc/errors.js';
import { writeTl } from '../../../src/telegram/tl/codec.js';

/** What Telegram answers to each method in a test; a method without an answer fails the test. */
export type Answers = {
  [M in tl.RpcMethod as M['_']]?: (
    request: M,
    dc: number | undefined,
  ) => tl.RpcCallReturn[M['_']] | Promise<tl.RpcCallReturn[M['_']]>;
};

/** Telegram's refusal, as the rpc client throws it. */
export function refusal(text: string, code = 400): Error {
  return rpcFailure(code, text, 'test');
}

/** A session whose calls are answered by the test; every request is written by the codec, as on the wire. */
export class FakeSession implements CallingSession {
  readonly owner: OwnerId;
  readonly kind: 'bot' | 'account';
  readonly calls: tl.RpcMethod[] = [];
  resyncs = 0;
  readonly #answers: Answers;

  constructor(owner: OwnerId, answers: Answers, kind: 'bot' | 'account' = 'bot') {
    this.owner = owner;
    this.kind = kind;
    this.#answers = answers;
  }

  call<T extends tl.RpcMethod>(method: T, _options?: CallOptions): Promise<tl.RpcCallReturn[T['_']]> {
    return this.#call(method, undefined);
  }

  async mediaLink(dc?: number): Promise<Caller> {
    return { call: (method) => this.#call(method, dc) };
  }

  async resync(): Promise<void> {
    this.resyncs += 1;
  }

  /** The requests of one method, in order. */
  sent<Name extends tl.RpcMethod['_']>(name: Name): tl.FindByName<tl.RpcMethod, Name>[] {
    return this.calls.filter((request): request is tl.FindByName<tl.RpcMethod, Name> => request._ === name);
  }

  async #call<T extends tl.RpcMethod>(method: T, dc: number | undefined): Promise<tl.RpcCallReturn[T['_']]> {
    // Throws on a request that could not leave.
    writeTl(method);
    this.calls.push(method);
    const answer = this.#answers[method._] as
      ((request: T, dc: number | undefined) => tl.RpcCallReturn[T['_']]) | undefined;
    if (answer === undefined) throw new Error(`the test has no answer for ${method._}`);
    return answer(method, dc);
  }
}

export function sessionsOf(...sessions: readonly FakeSession[]): SessionOf {
  return (owner) => sessions.find((session) => session.owner === owner);
}

/** The Peers repository in memory; a min peer never overwrites a full one's hash. */
export class PeersInMemory implements Peers {
  readonly #rows = new Map<string, KnownPeer>();
  reads = 0;

  async save(owner: OwnerId, peers: readonly KnownPeer[]): Promise<void> {
    for (const peer of peers) {
      const key = `${owner}-${peer.peer}`;
      const old = this.#rows.get(key);
      if (peer.min !== true || old === undefined || old.min === true) this.#rows.set(key, peer);
    }
  }

  async get(owner: OwnerId, peer: Peer): Promise<KnownPeer | undefined> {
    this.reads += 1;
    return this.#rows.get(`${owner}-${peer}`);
  }
}
