import type { Clock } from '../../world/clock.js';
import type { Inbox, Update } from './inbox.js';

export interface WebhookSettings {
  url: string;
  secretToken?: string;
  maxConnections: number;
}

/** What the program answered in the response to an update: a method call, or nothing. */
export type WebhookReply = (body: string) => void;

const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000] as const;
const TIMEOUT_MS = 60_000;

/** Delivers one bot's updates to its URL, one after the other, each until it is answered by 2xx. */
export class Webhook {
  readonly settings: WebhookSettings;
  lastError: { date: number; message: string } | undefined;
  readonly #inbox: Inbox;
  readonly #clock: Clock;
  readonly #onReply: WebhookReply;
  readonly #ending = new AbortController();
  #stopWaiting: () => void = () => undefined;

  constructor(settings: WebhookSettings, inbox: Inbox, clock: Clock, onReply: WebhookReply) {
    this.settings = settings;
    this.#inbox = inbox;
    this.#clock = clock;
    this.#onReply = onReply;
    void this.#run();
  }

  close(): void {
    this.#ending.abort();
    this.#stopWaiting();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isEnded()) {
      const [update] = this.#inbox.peek(1);
      if (!update) {
        await this.#pause((wake) => this.#inbox.onArrival(wake));
        continue;
      }
      const problem = await this.#deliver(update);
      // Ended meanwhile: the update stays, whoever comes next gets it.
      if (this.#isEnded()) return;
      if (problem === undefined) {
        failures = 0;
        this.#inbox.confirm(update.update_id + 1);
        continue;
      }
      this.lastError = { date: Math.floor(this.#clock.now() / 1000), message: problem };
      const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? TIMEOUT_MS;
      failures += 1;
      await this.#pause((wake) => this.#clock.after(delay, wake));
    }
  }

  #isEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Waits until `begin`'s wake is called, or the webhook ends. */
  async #pause(begin: (wake: () => void) => () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = begin(resolve);
      this.#stopWaiting = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Undefined when the update arrived, else why it did not, in Telegram's words. */
  async #deliver(update: Update): Promise<string | undefined> {
    const { url, secretToken } = this.settings;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': secretToken }),
        },
        body: JSON.stringify(update),
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const body = await response.text();
      if (!response.ok) return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
      this.#onReply(body);
      return undefined;
    } catch {
      return 'Connection refused';
    }
  }
}
