import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** One listening port per DC; a port can stop listening for a while and come back as the same number. */
export class Listeners {
  private readonly host: string;
  private readonly accept: (socket: Socket, dc: number) => void;
  private readonly servers = new Map<number, Server>();
  private readonly chosen = new Map<number, number>();

  constructor(host: string, accept: (socket: Socket, dc: number) => void) {
    this.host = host;
    this.accept = accept;
  }

  /** Ports by DC. */
  get ports(): Record<number, number> {
    return Object.fromEntries(this.chosen);
  }

  /** `port` 0 lets the system choose. */
  async open(dc: number, port: number): Promise<void> {
    if (this.servers.has(dc)) return;
    const server = createServer((socket) => this.accept(socket, dc));
    this.servers.set(dc, server);
    server.listen(port, this.host);
    await once(server, 'listening');
    this.chosen.set(dc, (server.address() as AddressInfo).port);
  }

  /** Listens again where it listened before. */
  async reopen(dc: number): Promise<void> {
    const port = this.chosen.get(dc);
    if (port !== undefined) await this.open(dc, port);
  }

  /** Refuses new connections at once; open ones stay. Resolves when the last of them ended. */
  async shut(dc: number): Promise<void> {
    const server = this.servers.get(dc);
    this.servers.delete(dc);
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async shutAll(): Promise<void> {
    await Promise.all([...this.servers.keys()].map((dc) => this.shut(dc)));
  }
}
