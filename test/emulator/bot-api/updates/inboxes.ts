import type { Account } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { Inbox } from './inbox.js';
import { Webhook, type WebhookReply, type WebhookSettings } from './webhook.js';

/** The inboxes of all bots of a world, and their webhooks. */
export class Inboxes {
  readonly #world: World;
  readonly #inboxes = new Map<number, Inbox>();
  readonly #webhooks = new Map<number, Webhook>();
  readonly #stop: () => void;

  constructor(world: World) {
    this.#world = world;
    this.#stop = world.listen(({ accountId, events }) => {
      const account = world.accounts.get(accountId);
      if (account?.bot) for (const event of events) this.#of(account).take(event);
    });
  }

  /** The inbox of a bot whose program calls. */
  open(bot: Account): Inbox {
    const inbox = this.#of(bot);
    inbox.wake();
    return inbox;
  }

  polling(botId: number): boolean {
    return this.#inboxes.get(botId)?.polling ?? false;
  }

  webhook(botId: number): Webhook | undefined {
    return this.#webhooks.get(botId);
  }

  setWebhook(bot: Account, settings: WebhookSettings | undefined, onReply: WebhookReply): void {
    this.#webhooks.get(bot.id)?.close();
    this.#webhooks.delete(bot.id);
    if (!settings) return;
    const inbox = this.open(bot);
    inbox.endPoll();
    this.#webhooks.set(bot.id, new Webhook(settings, inbox, this.#world.clock, onReply));
  }

  close(): void {
    this.#stop();
    for (const webhook of this.#webhooks.values()) webhook.close();
    this.#webhooks.clear();
    for (const inbox of this.#inboxes.values()) inbox.endPoll();
  }

  #of(bot: Account): Inbox {
    const known = this.#inboxes.get(bot.id);
    if (known) return known;
    const inbox = new Inbox({ world: this.#world, bot }, this.#world.clock);
    this.#inboxes.set(bot.id, inbox);
    return inbox;
  }
}
