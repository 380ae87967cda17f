/** What the house asks of the machine: time, a place to report to, and sealing at rest. */

/** Calls off what it was given for; calling it twice, or too late, does nothing. */
export type Cancel = () => void;

/** The only source of time outside tests' own: nothing reads `Date.now` or sets a timer beside it. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Calls `run` once after `delayMs` (0 or less: as soon as possible, never before this returns). An armed timer keeps the process alive. */
  setTimer(delayMs: number, run: () => void): Cancel;
  /**
   * Resolves after `ms`, or at once when the signal is or becomes aborted. Never rejects: who passes a signal
   * looks at `signal.aborted` afterwards.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Ids, closed words and numbers only, never contents, names, phones or tokens. Numbers and booleans pass under any name;
 * text passes only under the names listed in runtime/redact.ts and only in the shape of an id: whatever else is given
 * is left out, and its name is listed as `dropped`.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line per event. The event is a fixed kebab-case name (`session-opened`), never built from values. */
export interface Log {
  /** Somebody must act. `thrown` is reported as code and class, never as text. */
  error(event: string, fields?: LogFields, thrown?: unknown): void;
  /** It went on, but not as planned. */
  warn(event: string, fields?: LogFields, thrown?: unknown): void;
  /** Steps of the life of the process and its sessions. */
  info(event: string, fields?: LogFields, thrown?: unknown): void;
  /** Steps of single messages. */
  debug(event: string, fields?: LogFields, thrown?: unknown): void;
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log;
}

/** Encryption at rest. The first key seals, every key opens, so keys rotate without a stop. */
export interface KeyRing {
  /** The context (the row's id, for instance) is authenticated: a sealed text copied to another row does not open there. */
  seal(plain: Uint8Array, context: string): string;
  /** Throws KEY_WRONG when no key of the ring fits, the context differs or the text was altered. */
  open(sealed: string, context: string): Uint8Array;
}
