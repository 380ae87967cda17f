/** Whether HTTP_LISTEN can be had. A start finds out by listening; this look lets go again at once. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { HttpConfig } from '../config/config.js';
import { asGatewayError } from '../domain/errors.js';
import { listeningError } from '../http/listening-error.js';
import { fatal, fine, type Finding } from './finding.js';

/** `gatewayRuns`: an address that is taken is then most likely its own. */
export async function lookAtHttp(http: HttpConfig, gatewayRuns: boolean): Promise<Finding> {
  const name = 'HTTP';
  if (http.kind === 'off') return fine(name, 'off');
  const server = createServer().listen(http.port, http.host);
  try {
    await once(server, 'listening');
    return fine(name, `${http.host}:${http.port} is free`);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    return gatewayRuns && isTaken
      ? fine(name, `${http.host}:${http.port} is in use while the gateway runs`)
      : fatal(name, asGatewayError(listeningError(error, http)));
  } finally {
    server.close();
  }
}
