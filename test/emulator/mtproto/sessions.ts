import type { AuthKey } from './keys.js';
import { Session, type Shared } from './session.js';

/** Disconnected sessions kept per key, and messages kept for one of them. */
const SESSIONS_KEPT = 8;
const MESSAGES_KEPT = 5000;

/** All sessions, by key and session id; a key doesn't collect dead ones without end. */
export class Sessions {
  private readonly shared: Shared;
  private readonly byKey = new Map<string, Map<string, Session>>();

  constructor(shared: Shared) {
    this.shared = shared;
  }

  of(key: AuthKey): Session[] {
    return [...(this.byKey.get(key.name)?.values() ?? [])];
  }

  /** The session of a client's message, made on its first. */
  open(key: AuthKey, id: Buffer): Session {
    const own = this.byKey.get(key.name) ?? new Map<string, Session>();
    this.byKey.set(key.name, own);
    const name = id.toString('hex');
    const known = own.get(name);
    if (known !== undefined && (known.line?.open === true || known.waiting <= MESSAGES_KEPT)) return known;
    own.delete(name);
    const dead = [...own.values()].filter(({ line }) => line?.open !== true);
    for (const { name: old } of dead.slice(0, Math.max(0, dead.length - SESSIONS_KEPT + 1))) own.delete(old);
    const session = new Session(key, id, this.shared);
    own.set(name, session);
    return session;
  }

  delete(key: AuthKey, name: string): boolean {
    return this.byKey.get(key.name)?.delete(name) === true;
  }

  /** Forgets every session of a key and what it kept. */
  forget(key: AuthKey): void {
    this.byKey.delete(key.name);
  }

  /**
   * Where the updates of an authorisation go: the last active session that is not there for files only, a connected
   * one before a disconnected one (which keeps them until it comes back).
   */
  forUpdates(key: AuthKey): Session | undefined {
    const rank = (session: Session): number =>
      (session.line?.open === true ? 4 : 0) + (session.use === 'general' ? 2 : 0);
    return this.of(key)
      .filter(({ use, layer }) => use !== 'files' && layer !== 0)
      .sort((a, b) => rank(b) - rank(a) || b.activeAt - a.activeAt)[0];
  }
}
