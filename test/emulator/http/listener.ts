import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const HOST = '127.0.0.1';

/** One HTTP server on loopback. A handler that throws answers 500 with the error's words. */
export class HttpListener {
  readonly #server: Server;
  #root = '';

  constructor(answer: Answering) {
    this.#server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => {
        if (response.destroyed) return;
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(error instanceof Error ? error.message : String(error));
      });
    });
    // Long polls and slow uploads are the callers' own business.
    this.#server.requestTimeout = 0;
  }

  /** `http://127.0.0.1:PORT`, empty before `listen`. */
  get root(): string {
    return this.#root;
  }

  /** Port 0: any free one. Errors: the system's own (EADDRINUSE). */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, HOST, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#root = `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
    return this.#root;
  }

  /** Open connections end at once, long polls too. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
