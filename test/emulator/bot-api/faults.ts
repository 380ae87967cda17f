/** Which Bot API calls a fault hits; an absent word matches everything. */
export interface BotApiFaultWhen {
  /** Account id of the bot. */
  readonly user?: bigint;
  /** Method name, in any case. */
  readonly method?: string;
}

type Named =
  | { readonly name: 'bot-api.error'; readonly code: number; readonly text: string }
  | { readonly name: 'bot-api.flood'; readonly seconds: number }
  | { readonly name: 'bot-api.delay'; readonly ms: number }
  | { readonly name: 'bot-api.close-before' }
  | { readonly name: 'bot-api.close-after' };

export type BotApiFaultName = Named['name'];
export type BotApiFault = Named & { readonly when?: BotApiFaultWhen; readonly times?: number };

/** Name → what it means. All stand until removed or used up. */
export const BOT_API_FAULTS: Readonly<Record<BotApiFaultName, string>> = {
  'bot-api.error': 'error {code, text} instead of the call',
  'bot-api.flood': '429 with retry_after {seconds} instead of the call',
  'bot-api.delay': 'the call starts {ms} later',
  'bot-api.close-before': 'the connection closes before the call: it is not executed',
  'bot-api.close-after': 'the call is executed, the connection closes before its answer',
};

interface Standing {
  readonly id: string;
  readonly fault: BotApiFault;
  left: number | undefined;
}

/** The Bot API's fault desk, in the manner of the MTProto server's. */
export class BotApiFaults {
  #standing: Standing[] = [];
  #count = 0;

  add(fault: BotApiFault): string {
    this.#count += 1;
    const id = `bot-api-fault-${this.#count}`;
    this.#standing.push({ id, fault, left: fault.times });
    return id;
  }

  remove(id: string): boolean {
    const before = this.#standing.length;
    this.#standing = this.#standing.filter((one) => one.id !== id);
    return this.#standing.length < before;
  }

  clear(): void {
    this.#standing = [];
  }

  list(): { readonly id: string; readonly fault: BotApiFault; readonly left: number | undefined }[] {
    return this.#standing.map(({ id, fault, left }) => ({ id, fault, left }));
  }

  /** The first fault that hits this call; one of its times is used. */
  take(botId: number, method: string): BotApiFault | undefined {
    const found = this.#standing.find(({ fault: { when } }) => matches(when, botId, method));
    if (found?.left !== undefined) {
      found.left -= 1;
      if (found.left <= 0) this.remove(found.id);
    }
    return found?.fault;
  }
}

function matches(when: BotApiFaultWhen | undefined, botId: number, method: string): boolean {
  if (when?.user !== undefined && Number(when.user) !== botId) return false;
  return when?.method === undefined || when.method.toLowerCase() === method.toLowerCase();
}
