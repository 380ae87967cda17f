import type { EventEmitter } from 'node:events';
import type { Clock, Log } from '../ports/runtime.js';

/** What a run has opened so far; it closes by itself, in reverse, when the run is over. */
export interface Scope {
  /** Aborted by the first SIGINT or SIGTERM, or by `fail`; a second signal ends the process as Node does without us. */
  readonly signal: AbortSignal;
  /**
   * Opens a resource, named by a fixed kebab-case word, and closes it after everything that was opened later.
   * Once stopping it opens nothing and throws the signal's reason, which `withScope` understands.
   */
  open<T>(resource: string, open: () => T | Promise<T>, close: (opened: T) => unknown): Promise<T>;
  /** Resolves when the signal is aborted: what a long-running command waits for. */
  stopped(): Promise<void>;
  /** Ends the run as a signal does, because it cannot go on: what is open is closed, then `withScope` throws the first such error. */
  fail(error: unknown): void;
}

export interface ScopeOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Who tells SIGINT and SIGTERM. */
  readonly signals?: Pick<EventEmitter, 'on' | 'off'>;
  /** What has not closed by then is reported and left behind, so that the others still close, ms. */
  readonly closeTimeoutMs?: number;
}

interface Opened {
  readonly resource: string;
  readonly close: () => unknown;
}

/** All parts together: Docker kills after 30 s (docker-compose.yml). */
const closeAllMs = 24_000;
/** However late it is, each part may say goodbye. */
const leastMs = 500;

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `body`, then closes whatever it opened, in reverse order, also when it threw or was stopped half-way. Answers
 * `stopped` when a signal ended it, else `done`. Rethrows what it was failed with or the body's error, else the first error of a closing.
 * Nothing here ends the process: when all is closed, Node has nothing left to wait for.
 */
export async function withScope(
  options: ScopeOptions,
  body: (scope: Scope) => Promise<void>,
): Promise<'done' | 'stopped'> {
  const { signals = process } = options;
  const stop = new AbortController();
  const onSignal = () => {
    for (const name of stopSignals) signals.off(name, onSignal);
    options.log.info('stopping');
    stop.abort();
  };
  for (const name of stopSignals) signals.on(name, onSignal);
  const opened: Opened[] = [];
  let fault: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    fault ??= { error };
    stop.abort();
  };
  try {
    await body(createScope(stop.signal, opened, fail));
  } catch (error) {
    if (!stop.signal.aborted || error !== stop.signal.reason) fault ??= { error };
  }
  const closingFault = await closeAll(options, opened);
  fault ??= closingFault;
  for (const name of stopSignals) signals.off(name, onSignal);
  if (fault !== undefined) throw fault.error;
  return stop.signal.aborted ? 'stopped' : 'done';
}

function createScope(signal: AbortSignal, opened: Opened[], fail: Scope['fail']): Scope {
  return {
    signal,
    fail,
    async open(resource, open, close) {
      signal.throwIfAborted();
      const value = await open();
      opened.push({ resource, close: () => close(value) });
      return value;
    },
    async stopped() {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
}

/** One failing or hanging part never keeps the rest open. Answers the first error. */
async function closeAll(
  { log, clock, closeTimeoutMs = 10_000 }: ScopeOptions,
  opened: Opened[],
): Promise<{ readonly error: unknown } | undefined> {
  let first: { readonly error: unknown } | undefined;
  const endsAt = clock.now() + closeAllMs;
  for (let last = opened.pop(); last !== undefined; last = opened.pop()) {
    const { resource, close } = last;
    const closed = new AbortController();
    const limitMs = Math.min(closeTimeoutMs, Math.max(leastMs, endsAt - clock.now()));
    const tooLate = clock.sleep(limitMs, closed.signal).then(() => {
      if (!closed.signal.aborted) log.error('close-timeout', { resource, limitMs });
    });
    try {
      await Promise.race([close(), tooLate]);
    } catch (error) {
      log.error('close-failed', { resource }, error);
      first ??= { error };
    }
    closed.abort();
  }
  return first;
}
