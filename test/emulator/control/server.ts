import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLarge, readBody } from '../http/body.js';
import { HttpListener } from '../http/listener.js';
import type { LocalTelegram } from '../telegram.js';
import { RpcError } from '../types.js';
import type { Json } from './act.js';
import { ACTS } from './acts/table.js';
import { addFault, faultsView, removeFaults } from './faults.js';
import { fileAt, fileBytes, fileHash } from './file.js';
import { ControlError, Input } from './input.js';
import { setLimits } from './limits.js';
import { accountNamed, peerNamed } from './names.js';
import { callsView } from './show/calls.js';
import { worldView } from './show/world.js';

const BODY_MAX = 512 * 1024 * 1024;

/**
 * A test's and a web page's hands on a local Telegram, as HTTP on loopback (README.md lists the paths). Bad input
 * answers 400 with one sentence, what Telegram refuses 409 with Telegram's own name: `{error}`.
 */
export class Control {
  readonly #telegram: LocalTelegram;
  readonly #listener = new HttpListener((request, response) => this.#serve(request, response));

  constructor(telegram: LocalTelegram) {
    this.#telegram = telegram;
  }

  /** `http://127.0.0.1:PORT`; empty before `listen`. */
  get root(): string {
    return this.#listener.root;
  }

  listen(port = 0): Promise<string> {
    return this.#listener.listen(port);
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    try {
      const route = `${request.method ?? 'GET'} ${url.pathname}`;
      const result = route.startsWith('GET ')
        ? this.#read(url.pathname, url.searchParams)
        : await this.#change(route, url.searchParams, request);
      if (Buffer.isBuffer(result)) answerBytes(response, result);
      else answerJson(response, 200, result);
    } catch (error) {
      const code = error instanceof RpcError ? 409 : error instanceof ControlError ? 400 : 500;
      answerJson(response, code, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #read(path: string, query: URLSearchParams): unknown {
    const telegram = this.#telegram;
    const { world } = telegram;
    switch (path) {
      case '/world': {
        const of = query.getAll('of').map((name) => peerNamed(world, name).id);
        return worldView(world, of.length > 0 ? (id) => of.includes(id) : undefined);
      }
      case '/code':
        return this.#code(query.get('phone'));
      case '/calls':
        return callsView(telegram);
      case '/fault':
        return faultsView(telegram);
      case '/limits':
        return { ...world.limits.settings };
      case '/file': {
        const file = fileAt(world, query);
        return query.has('sha256') ? fileHash(file) : fileBytes(file);
      }
      default:
        throw new ControlError(`There is no GET ${path}.`);
    }
  }

  async #change(route: string, query: URLSearchParams, request: IncomingMessage): Promise<unknown> {
    const telegram = this.#telegram;
    switch (route) {
      case 'POST /act': {
        const body = await json(request);
        return Array.isArray(body) ? this.#actAll(body) : this.#act(body);
      }
      case 'POST /fault':
        return addFault(telegram, new Input(await json(request), 'The fault'));
      case 'DELETE /fault':
        return removeFaults(telegram, query.get('id'));
      case 'POST /limits':
        return setLimits(telegram, new Input(await json(request), 'The limits'));
      case 'DELETE /calls':
        telegram.calls.length = 0;
        telegram.botApi.calls.length = 0;
        return {};
      default:
        throw new ControlError(`There is no ${route}.`);
    }
  }

  /** One after the other; the first that fails ends the list. */
  async #actAll(acts: unknown[]): Promise<Json[]> {
    const results: Json[] = [];
    for (const act of acts) results.push(await this.#act(act));
    return results;
  }

  async #act(value: unknown): Promise<Json> {
    const name = new Input(value, 'An act').text('act');
    const act = ACTS[name];
    if (!act) throw new ControlError(`There is no act "${name}"; known: ${Object.keys(ACTS).join(', ')}.`);
    const telegram = this.#telegram;
    return act({ telegram, world: telegram.world, input: new Input(value, name) });
  }

  /** The code that a phone shows; null before one was asked for. */
  #code(phone: string | null): Json {
    if (phone === null) throw new ControlError('GET /code needs "phone".');
    const digits = accountNamed(this.#telegram.world, phone).phone ?? phone;
    return { code: this.#telegram.logins.code(digits) ?? null };
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse((await readBody(request, BODY_MAX)).toString()) as unknown;
  } catch (error) {
    throw new ControlError(error instanceof BodyTooLarge ? `${error.message}.` : 'The body must be JSON.');
  }
}

function answerJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function answerBytes(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
  response.end(bytes);
}
