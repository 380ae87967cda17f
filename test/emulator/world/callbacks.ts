import { RpcError } from '../types.js';
import type { Clock } from './clock.js';
import type { CallbackAnswer, CallbackQuery } from './model.js';

const ANSWER_WITHIN_MS = 15_000;

interface Open {
  query: CallbackQuery;
  settle: (answer: CallbackAnswer | undefined) => void;
  answered: Promise<CallbackAnswer | undefined>;
  stop: () => void;
}

/** Presses of inline buttons that wait for their bot. */
export class Callbacks {
  readonly #clock: Clock;
  readonly #open = new Map<bigint, Open>();
  #next = 600_000_000_000_000_001n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(facts: Omit<CallbackQuery, 'id'>): CallbackQuery {
    const query: CallbackQuery = { ...facts, id: this.#next++ };
    let settle: Open['settle'] = () => undefined;
    const answered = new Promise<CallbackAnswer | undefined>((resolve) => (settle = resolve));
    const stop = this.#clock.after(ANSWER_WITHIN_MS, () => this.#close(query.id, undefined));
    this.#open.set(query.id, { query, settle, answered, stop });
    return query;
  }

  /** The bot's answer; undefined when it gave none within 15 s (BOT_RESPONSE_TIMEOUT). */
  wait(queryId: bigint): Promise<CallbackAnswer | undefined> {
    return this.#open.get(queryId)?.answered ?? Promise.resolve(undefined);
  }

  /** Throws QUERY_ID_INVALID for a query that is not open or not the bot's. */
  answer(botId: number, queryId: bigint, answer: CallbackAnswer): void {
    if (this.#open.get(queryId)?.query.botId !== botId) throw new RpcError(400, 'QUERY_ID_INVALID');
    this.#close(queryId, answer);
  }

  #close(queryId: bigint, answer: CallbackAnswer | undefined): void {
    const open = this.#open.get(queryId);
    this.#open.delete(queryId);
    open?.stop();
    open?.settle(answer);
  }
}
