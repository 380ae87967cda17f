/**
 * How a worker reaches a session that another process holds: a question and its answer. Nothing is kept; whoever asks learns
 * within seconds that its question or the answer was lost, and asks again under the same random ids.
 */

import type { Cancel } from './runtime.js';

export interface AskOptions {
  /** How long the whole may take, ms. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Relay {
  /** This process answers the questions to `name` until cancelled. An answer that rejects is none: the asker learns of a loss. */
  serve(name: string, answer: (question: Uint8Array) => Promise<Uint8Array>): Cancel;
  /**
   * Throws TELEGRAM_UNREACHABLE when no process serves the name, so that nothing was done, and ANSWER_LOST whenever it may have
   * been done: the deadline is over, the other side has died or hangs, Redis failed.
   */
  ask(name: string, question: Uint8Array, options: AskOptions): Promise<Uint8Array>;
  /** Serves nothing any more; what is still asked is refused as lost. */
  close(): Promise<void>;
}
