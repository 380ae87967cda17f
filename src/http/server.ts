/** The HTTP server: small limits, refusals as problem details, and an end that waits for nobody long. */

import type { Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import type { Clock, Log } from '../ports/runtime.js';
import { listeningError, type ListenAddress } from './listening-error.js';
import { problem, problemType, refuse } from './problem.js';

export interface HttpServer {
  /** The port it listens on: the one that was asked for, or a free one for 0. */
  readonly port: number;
  /** Takes nothing more in, lets running answers end for two seconds, then closes every connection. Repeating is harmless. */
  close(): Promise<void>;
}

export interface ServerParts {
  readonly listen: ListenAddress;
  readonly addRoutes: (app: FastifyInstance) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const headerBytes = 8 * 1024;
const bodyBytes = 64 * 1024;
const requestWithinMs = 10_000;
const headWithinMs = 3_000;
const idleMs = 5_000;
const mostConnections = 256;
const closeWithinMs = 2_000;

/** Listens, and answers when it does. Throws CONFIG_INVALID when the address cannot be had. */
export async function openServer({ listen, addRoutes, clock, log }: ServerParts): Promise<HttpServer> {
  // Fastify's own log would dump whole requests.
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytes,
    requestTimeout: requestWithinMs,
    connectionTimeout: requestWithinMs,
    keepAliveTimeout: idleMs,
    http: { maxHeaderSize: headerBytes, connectionsCheckingInterval: 1000 },
    clientErrorHandler: (error, socket) => refuseSocket(socket, error.code),
  });
  app.server.headersTimeout = headWithinMs;
  app.server.maxConnections = mostConnections;
  addRefusals(app, log);
  addRoutes(app);
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const resource = routeOptions.url?.slice(1) ?? 'unknown';
    log.debug('http-answered', {
      method,
      resource,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  try {
    await app.listen({ host: listen.host, port: listen.port });
  } catch (error) {
    await app.close();
    throw listeningError(error, listen);
  }
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { port: port ?? listen.port, close: () => closeApp(app, clock) };
}

/** Known paths are only read here; nothing is said about what somebody sent. */
function addRefusals(app: FastifyInstance, log: Log): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = request.url.split('?')[0] ?? '';
    // Before the body is read: it serves nothing.
    void reply.header('connection', 'close');
    if (app.hasRoute({ method: 'GET', url: path }))
      return refuse(reply.header('allow', 'GET, HEAD'), 405, 'This address is only read: use GET or HEAD.');
    return refuse(reply, 404, 'Nothing is served at this address; there are /healthz, /readyz and /metrics.');
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'The request cannot be read.');
    log.error('http-failed', { status }, error);
    return refuse(reply, status, 'Something unexpected happened; the log of the gateway says more.');
  });
}

/** What is no HTTP, too large or too slow never reaches a route. */
function refuseSocket(socket: Socket, code: string): void {
  if (!socket.writable) return;
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = problem(status, 'The request cannot be read.');
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

async function closeApp(app: FastifyInstance, clock: Clock): Promise<void> {
  const closed = new AbortController();
  const tooLong = clock.sleep(closeWithinMs, closed.signal).then(() => app.server.closeAllConnections());
  await app.close();
  closed.abort();
  await tooLong;
}
