import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpListener } from '../http/listener.js';
import { RpcError } from '../types.js';
import { readFile } from '../world/files.js';
import type { Account, BotFacts } from '../world/model.js';
import type { World } from '../world/world.js';
import type { Call } from './call.js';
import { BotApiError, floodError, notImplemented, translated } from './errors.js';
import { BotApiFaults } from './faults.js';
import { parseFilePath } from './file-id.js';
import type { Json } from '../http/json.js';
import { METHODS } from './methods/table.js';
import { Params } from './params.js';
import { readParams } from './request.js';
import { Inboxes } from './updates/inboxes.js';

/** One line of the log of Bot API calls, without parameters. */
export interface BotApiCall {
  readonly bot: number;
  readonly method: string;
  /** 200 or the error code; 0: the connection was closed by a fault. */
  readonly code: number;
}

/**
 * The Bot API over a world: `/bot<token>/<method>` and `/file/bot<token>/<path>`. It shares accounts, messages and
 * posting limits with the MTProto server; a bot may use both at once.
 */
export class BotApi {
  readonly faults = new BotApiFaults();
  /** The latest 10 000 calls, oldest first. */
  readonly calls: BotApiCall[] = [];
  readonly #world: World;
  readonly #inboxes: Inboxes;
  readonly #listener = new HttpListener((request, response) => this.#serve(request, response));

  constructor(world: World) {
    this.#world = world;
    this.#inboxes = new Inboxes(world);
  }

  /** Whether a long poll of the bot's program waits right now. */
  polling(botId: number): boolean {
    return this.#inboxes.polling(botId);
  }

  /** `http://127.0.0.1:PORT`, what clients call the API root; empty before `listen`. */
  get root(): string {
    return this.#listener.root;
  }

  listen(port = 0): Promise<string> {
    return this.#listener.listen(port);
  }

  async close(): Promise<void> {
    this.#inboxes.close();
    await this.#listener.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    if (file) {
      this.#download(file[1] ?? '', file[2] ?? '', response);
      return;
    }
    const called = /^\/bot([^/]+)\/(?:test\/)?(\w+)\/?$/.exec(path);
    const bot = this.#bot(called?.[1] ?? '');
    if (!called || !bot) {
      answerError(response, unauthorised(called !== null));
      return;
    }
    const method = called[2] ?? '';
    try {
      const params = await readParams(request, url.searchParams);
      const fault = await this.#applyFault(bot.id, method);
      if (fault === 'close-before') {
        this.#hangUp(request, bot.id, method);
        return;
      }
      const result = await this.#run(bot, method, params);
      if (fault === 'close-after') {
        this.#hangUp(request, bot.id, method);
        return;
      }
      this.#log(bot.id, method, 200);
      answer(response, 200, { ok: true, result });
    } catch (error) {
      const said = spoken(error, method);
      this.#log(bot.id, method, said.code);
      answerError(response, said);
    }
  }

  async #run(bot: Account & { bot: BotFacts }, method: string, params: Params): Promise<unknown> {
    const run = METHODS.get(method.toLowerCase());
    if (!run) throw notImplemented(method);
    const call: Call = {
      world: this.#world,
      bot,
      actor: this.#world.actAs(bot),
      params,
      inboxes: this.#inboxes,
      onWebhookReply: (body) => void this.#runReply(bot, body),
    };
    return run(call);
  }

  /** A webhook's answer may hold one method call; what comes of it is nobody's concern (core.telegram.org/bots/api). */
  async #runReply(bot: Account & { bot: BotFacts }, body: string): Promise<void> {
    try {
      const fields = JSON.parse(body) as Json | null;
      const method = fields?.['method'];
      if (typeof method !== 'string') return;
      await this.#run(bot, method, new Params(Object.entries(fields ?? {})));
      this.#log(bot.id, method, 200);
    } catch {
      // Not JSON, or refused.
    }
  }

  /** Waits for a delay, throws an error, or says how the connection is to end. */
  async #applyFault(botId: number, method: string): Promise<'close-before' | 'close-after' | undefined> {
    const fault = this.faults.take(botId, method);
    switch (fault?.name) {
      case 'bot-api.error':
        throw new BotApiError(fault.code, fault.text);
      case 'bot-api.flood':
        throw floodError(fault.seconds);
      case 'bot-api.delay':
        await new Promise<void>((resolve) => void this.#world.clock.after(fault.ms, resolve));
        return undefined;
      case 'bot-api.close-before':
        return 'close-before';
      case 'bot-api.close-after':
        return 'close-after';
      case undefined:
        return undefined;
    }
  }

  #hangUp(request: IncomingMessage, botId: number, method: string): void {
    this.#log(botId, method, 0);
    request.socket.destroy();
  }

  #download(token: string, path: string, response: ServerResponse): void {
    const bot = this.#bot(token);
    const place = parseFilePath(path);
    const file = place && this.#world.files.get(place.fileId);
    if (!bot || !file) {
      answerError(response, bot ? new BotApiError(404, 'Not Found: wrong file path') : unauthorised(true));
      return;
    }
    const bytes = place.thumb ? (file.thumb ?? Buffer.alloc(0)) : readFile(file, 0, file.size);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    response.end(bytes);
  }

  #bot(token: string): (Account & { bot: BotFacts }) | undefined {
    const account = this.#world.byToken(token);
    return account && isBot(account) ? account : undefined;
  }

  #log(bot: number, method: string, code: number): void {
    this.calls.push({ bot, method, code });
    if (this.calls.length > CALLS_KEPT) this.calls.splice(0, CALLS_KEPT / 2);
  }
}

const CALLS_KEPT = 10_000;

/** A wrong token is 401; a path that is none at all is 404 (as api.telegram.org answers). */
function unauthorised(isBotPath: boolean): BotApiError {
  return isBotPath ? new BotApiError(401, 'Unauthorized') : new BotApiError(404, 'Not Found');
}

function spoken(error: unknown, method: string): BotApiError {
  if (error instanceof BotApiError) return error;
  if (error instanceof RpcError) return translated(error, method.toLowerCase());
  return new BotApiError(500, `Internal Server Error: ${error instanceof Error ? error.message : ''}`);
}

function answerError(response: ServerResponse, { code, message, parameters }: BotApiError): void {
  answer(response, code, {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters ? { parameters } : {}),
  });
}

function answer(response: ServerResponse, code: number, body: Json): void {
  const text = JSON.stringify(body);
  response.writeHead(code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function isBot(account: Account): account is Account & { bot: BotFacts } {
  return account.bot !== undefined;
}
