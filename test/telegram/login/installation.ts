/** A local Telegram on loopback and what logs in there. */

import { GatewayError } from '../../../src/domain/errors.js';
import type { Clock, Log } from '../../../src/ports/runtime.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { DcDirectory } from '../../../src/telegram/link/dc-directory.js';
import { startLogin, type LoginDeps, type LoginStart, type Step } from '../../../src/telegram/login/login.js';
import { createClient, type Client } from '../../../src/telegram/rpc/client.js';
import { computePasswordCheck } from '../../../src/telegram/rpc/password-check.js';
import { createTelegram, type LocalTelegram, type TelegramOptions } from '../../emulator/telegram.js';

export interface Installation {
  readonly telegram: LocalTelegram;
  readonly clock: Clock;
  /** Every line of the log, as JSON. */
  readonly lines: string[];
  readonly log: Log;
  readonly login: LoginDeps;
  openClient(target: { readonly dc?: number; readonly authKey?: Uint8Array }): Client;
  close(): Promise<void>;
}

export async function openInstallation(
  options: TelegramOptions = {},
  clock: Clock = systemClock,
): Promise<Installation> {
  const telegram = createTelegram(options);
  const { host, ports } = await telegram.listen();
  const port = ports[telegram.world.dc] ?? 0;
  const server = { kind: 'custom', host, port, publicKeyPem: telegram.publicKeyPem } as const;
  const directory = new DcDirectory(server);
  const clients: Client[] = [];
  const lines: string[] = [];
  const log = recordingLog(lines);
  const openClient: Installation['openClient'] = ({ dc = 2, authKey }) => {
    const identity = { apiId: 1, apiHash: 'hash', deviceModel: 'test', appVersion: '1' };
    const key = authKey === undefined ? {} : { authKey };
    const client = createClient({ server, dc, identity, clock, log, directory, ...key });
    clients.push(client);
    return client;
  };
  return {
    telegram,
    clock,
    lines,
    log,
    openClient,
    login: { api: { id: 1, hash: 'hash' }, openClient, passwordCheck: computePasswordCheck, clock },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await telegram.close();
    },
  };
}

/** Drives a login with the answers given, in order; the steps seen, the last one included. */
export async function drive(deps: LoginDeps, start: LoginStart, ...answers: string[]): Promise<Step[]> {
  const login = startLogin(deps, start);
  const steps = [await login.next()];
  for (const answer of answers) steps.push(await login.next(answer));
  await login.cancel();
  return steps;
}

/** The step as a line of text without secrets' bytes: what people would be told. */
export function told(step: Step): string {
  switch (step.step) {
    case 'ask':
      return `ask ${step.what}${step.failure === undefined ? '' : ` after ${step.failure.code}`}`;
    case 'show':
      return 'show qr';
    case 'done':
      return `done ${step.userId} on ${step.dc}`;
    case 'failed':
      return `failed ${step.error.code}`;
  }
}

function recordingLog(lines: string[]): Log {
  const line = (event: string, fields?: object, thrown?: unknown) => {
    const error = thrown instanceof GatewayError ? { code: thrown.code, text: thrown.message } : thrown;
    lines.push(JSON.stringify({ event, fields, error }));
  };
  const log: Log = { error: line, warn: line, info: line, debug: line, child: () => log };
  return log;
}
