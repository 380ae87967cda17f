/** Whether HTTP_LISTEN can be had. A start finds out by listening; this look lets go again at once. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { HttpConfig } from '../config/config.js';
import { asGatewayError } from '../domain/errors.js';
import { listeningError, type ListenAddress } from '../http/listening-error.js';
import { program } from '../http/probes.js';
import { fatal, fine, type Finding } from './finding.js';

/** `gatewayRuns`: an address that is taken may be its own; whoever listens there is asked. */
export async function lookAtHttp(http: HttpConfig, gatewayRuns: boolean): Promise<Finding> {
  const name = 'HTTP';
  if (http.kind === 'off') return fine(name, 'off');
  const server = createServer().listen(http.port, http.host);
  try {
    await once(server, 'listening');
    return fine(name, `${http.host}:${http.port} is free`);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    return isTaken && gatewayRuns && (await isGateway(http))
      ? fine(name, `${http.host}:${http.port} is in use by a gateway`)
      : fatal(name, asGatewayError(listeningError(error, http)));
  } finally {
    server.close();
  }
}

const answersWithinMs = 3_000;

/** Loopback is where every address of the machine is reached. */
const reached: Readonly<Record<string, string | undefined>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Whether a gateway answers there, well or ill: nobody else says its name. */
async function isGateway({ host, port }: ListenAddress): Promise<boolean> {
  const there = reached[host] ?? host;
  const url = `http://${there.includes(':') ? `[${there}]` : there}:${port}/healthz`;
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answersWithinMs) });
    const life: unknown = await answer.json();
    return typeof life === 'object' && life !== null && 'program' in life && life.program === program;
  } catch {
    return false;
  }
}
