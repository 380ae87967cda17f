/** An owner's session while its lease holds: opened, opened again when it breaks, left alone when its key is dead. */

import type { ConnectionState } from '../../domain/connection.js';
import { asGatewayError, GatewayError } from '../../domain/errors.js';
import { isDesk, type OwnerId } from '../../domain/ids.js';
import type { SessionKey, SessionKeys } from '../session/key.js';
import { openSession, type OpenedSession, type SessionDeps, type SessionEnd } from '../session/session.js';
import type { SessionState } from '../session/state.js';
import type { Cancel } from '../../ports/runtime.js';
import type { Lease } from './lease.js';
import type { Openings } from './openings.js';

export interface VoyageDeps {
  readonly session: SessionDeps;
  readonly keys: SessionKeys;
  readonly openings: Openings;
  /** A new key for a desk whose token is at hand, not stored yet; undefined without a token. Throws what the login throws. */
  readonly logInDesk: (owner: OwnerId) => Promise<SessionKey | undefined>;
  /** Called when a session has opened; called off before it closes. Other processes may then call it through us. */
  readonly serve?: ((session: OpenedSession) => Cancel) | undefined;
}

const minBackoffMs = 1_000;
const maxBackoffMs = 60_000;
/** After a session that lived this long the waits begin with the shortest again. */
const steadyMs = 60_000;
/** A session that is slow to start does not keep others from opening. */
const openingMs = 10_000;
const askForLoginEveryMs = 2_000;

export class Voyage {
  readonly #deps: VoyageDeps;
  readonly #owner: OwnerId;
  readonly #lease: Lease;
  readonly #onState: (state: SessionState) => void;
  #session: OpenedSession | undefined;
  #stopServing: Cancel = () => undefined;
  #authKey: Uint8Array | undefined;
  #loginWaitMs = minBackoffMs;

  constructor(deps: VoyageDeps, owner: OwnerId, lease: Lease, onState: (state: SessionState) => void) {
    this.#deps = deps;
    this.#owner = owner;
    this.#lease = lease;
    this.#onState = onState;
  }

  get session(): OpenedSession | undefined {
    return this.#session;
  }

  /** Whether the open session speaks with this key. */
  usesKey(authKey: Uint8Array): boolean {
    return this.#authKey !== undefined && Buffer.from(authKey).equals(this.#authKey);
  }

  /**
   * Resolves when the last socket is closed: the signal was aborted, another process has written with a newer fence, or a desk has no
   * key and we cannot get one (`locked-out`).
   */
  async run(signal: AbortSignal): Promise<'left' | 'locked-out'> {
    const { clock, log, random } = this.#deps.session;
    let backoffMs = minBackoffMs;
    while (!signal.aborted) {
      const openedAt = clock.now();
      // Read before the session opens: a login while it is dying must not be missed.
      const mark = await this.#deps.keys.mark(this.#owner).catch(() => undefined);
      const end = await this.#sail(signal);
      if (end === undefined) break;
      log.warn('session-ended', { owner: this.#owner, kind: end.kind }, errorOf(end));
      if (clock.now() - openedAt >= steadyMs) {
        backoffMs = minBackoffMs;
        this.#loginWaitMs = minBackoffMs;
      }
      switch (end.kind) {
        case 'stale':
          await clock.sleep(minBackoffMs, signal);
          return 'left';
        case 'dead':
          this.#tell('needs-login', end.error.message);
          if (!isDesk(this.#owner)) await loggedInAnew(this.#deps, this.#owner, mark, signal);
          else if (!(await this.#logInAgain(signal))) return 'locked-out';
          break;
        case 'wedged':
          this.#tell('connecting', end.error.message);
          await clock.sleep(backoffMs * (1 + random() / 4), signal);
          backoffMs = Math.min(maxBackoffMs, backoffMs * 2);
      }
    }
    return 'left';
  }

  /** Opens the session and waits for its end; undefined when it was called off. */
  async #sail(signal: AbortSignal): Promise<SessionEnd | undefined> {
    try {
      await this.#deps.openings.run(() => this.#open(signal));
      const ended =
        this.#session?.ended ??
        ({ kind: 'dead', error: new GatewayError('SESSION_DEAD', 'nobody has logged in') } as const);
      return await Promise.race([ended, aborted(signal)]);
    } catch (error) {
      return { kind: 'wedged', error: asGatewayError(error) };
    } finally {
      await this.#close();
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { session: deps, keys } = this.#deps;
    const key = signal.aborted ? undefined : await keys.load(this.#owner);
    if (key === undefined) return;
    this.#authKey = key.authKey;
    const order = {
      owner: this.#owner,
      key,
      lease: this.#lease,
      shared: key.kind === 'bot' && !isDesk(this.#owner),
    };
    this.#session = await openSession(deps, order, (state) => {
      if (this.#lease.holds()) this.#onState(state);
    });
    this.#stopServing = this.#deps.serve?.(this.#session) ?? (() => undefined);
    const { started, ended } = this.#session;
    await Promise.race([started, ended, deps.clock.sleep(openingMs, signal)]);
  }

  /** Without the lease the sockets are closed first, also when it is lost on the way: whoever takes it opens theirs soon. */
  async #close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#stopServing();
    if (session === undefined) return;
    const close = (how: 'drain' | 'cut') =>
      session.close(how).catch((error: unknown) => {
        this.#deps.session.log.error('session-close-failed', { owner: this.#owner }, error);
      });
    if (!this.#lease.holds()) return close('cut');
    const cut = () => void close('cut');
    this.#lease.lost.addEventListener('abort', cut, { once: true });
    await close('drain');
    this.#lease.lost.removeEventListener('abort', cut);
  }

  /** False when a desk has no token here, or one that is refused. Deaths in a row are answered more and more slowly. */
  async #logInAgain(signal: AbortSignal): Promise<boolean> {
    const { keys, logInDesk, session } = this.#deps;
    // It logs in by its token, at the latest at the next start, if its key is gone by then.
    if (this.#lease.holds()) await keys.remove(this.#owner).catch(() => undefined);
    for (;;) {
      await session.clock.sleep(this.#loginWaitMs, signal);
      this.#loginWaitMs = Math.min(maxBackoffMs, this.#loginWaitMs * 2);
      if (signal.aborted) return true;
      try {
        const key = await logInDesk(this.#owner);
        if (key !== undefined && this.#lease.holds()) await keys.save(this.#owner, key);
        return key !== undefined;
      } catch (thrown) {
        const error = asGatewayError(thrown);
        session.log.error('desk-login-failed', { owner: this.#owner }, error);
        this.#tell('needs-login', error.message);
        if (error.meaning.retry !== 'later') return false;
      }
    }
  }

  #tell(state: ConnectionState, reason: string): void {
    this.#onState({ state, reason, since: this.#deps.session.clock.now() });
  }
}

/**
 * A dead key stays dead: Telegram is asked nothing until somebody has logged in again, here or in another process. Resolves when a
 * key is stored that is not the dead one.
 */
export async function loggedInAnew(
  { keys, session }: Pick<VoyageDeps, 'keys' | 'session'>,
  owner: OwnerId,
  deadMark: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await session.clock.sleep(askForLoginEveryMs, signal);
    const now = await keys.mark(owner).catch(() => undefined);
    if (now !== undefined && now !== deadMark) return;
  }
}

function errorOf(end: SessionEnd): GatewayError | undefined {
  return end.kind === 'stale' ? undefined : end.error;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
