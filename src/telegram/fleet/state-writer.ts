/** Writes each owner's newest state to its connection's row, one write at a time: an older state never overtakes a newer one. */

import { isDesk, type ConnectionId, type OwnerId } from '../../domain/ids.js';
import type { Log } from '../../ports/runtime.js';
import type { Connections } from '../../ports/store.js';
import type { SessionState } from '../session/state.js';

export class StateWriter {
  readonly #connections: Connections;
  readonly #log: Log;
  readonly #newest = new Map<ConnectionId, SessionState>();
  readonly #writing = new Map<ConnectionId, Promise<void>>();

  constructor(connections: Connections, log: Log) {
    this.#connections = connections;
    this.#log = log;
  }

  /** Desks have no row. */
  write(owner: OwnerId, state: SessionState): void {
    if (isDesk(owner)) return;
    this.#newest.set(owner, state);
    if (!this.#writing.has(owner)) this.#writing.set(owner, this.#drain(owner));
  }

  /** Resolves when the newest state is stored, or the store has refused it. */
  async written(owner: OwnerId): Promise<void> {
    if (!isDesk(owner)) await this.#writing.get(owner);
  }

  async #drain(owner: ConnectionId): Promise<void> {
    for (let state = this.#newest.get(owner); state !== undefined; state = this.#newest.get(owner)) {
      this.#newest.delete(owner);
      try {
        await this.#connections.setState(owner, state.state, state.since, state.reason);
      } catch (error) {
        this.#log.warn('state-not-stored', { owner, state: state.state }, error);
      }
    }
    this.#writing.delete(owner);
  }
}
