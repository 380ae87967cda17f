/** docker-compose.yml without Docker: its commands with its variables, where only hosts, ports and places are others. */

import { mkdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { openPlace, type Place } from '../cli/place.js';
import { killPrograms, ready, spawned, type Ended, type Env, type Program } from '../cli/process.js';
import { hasMongod, startMongod } from '../support/mongod.js';
import { freePort } from '../support/redis-server.js';
import { scratchDirectory } from '../support/scratch.js';
import { until } from '../walks/until.js';
import { gatewaysOf, readCompose, serviceOf, type ComposeService } from './compose-file.js';
import { imageEnv } from './dockerfile.js';
import { makeImage } from './image.js';
import { secretFilesIn, writeSecrets } from './secrets.js';

export interface House {
  readonly place: Place;
  readonly gateways: Readonly<Record<string, GatewayContainer>>;
  /** The WORKDIR that all of them share. */
  readonly app: string;
  close(): Promise<void>;
}

export interface GatewayContainer {
  /** Where its HTTP server is reached. */
  readonly url: string;
  /** It runs with MongoDB: nothing may come here. */
  readonly dataDir: string;
  /** A new container of the image; resolves when the health check is content. */
  up(): Promise<void>;
  /** The exit code of the health check's own command. */
  health(): Promise<number | null>;
  /** SIGTERM, as `docker compose stop` does. */
  stop(): Promise<Ended>;
  /** `docker compose exec`. */
  exec(command: readonly string[]): Program;
}

/** What the file leaves to `.env`. */
const variables = { TELEGRAM_API_ID: '1234567', LOG_LEVEL: 'error' };

/** `node` is this one. */
const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);

export const databaseInUse = hasMongod()
  ? 'mongod'
  : 'the embedded wire server over TCP; mongodb: not run, there is no mongod';

/** Everything is up, and each health check is content. */
export async function openHouse(): Promise<House> {
  const compose = readCompose(variables);
  const directory = scratchDirectory();
  const app = join(directory, 'app');
  mkdirSync(app);
  writeSecrets(join(directory, 'secrets'));
  const place = await openPlace();
  let endDatabase: () => Promise<void> = async () => undefined;
  const close = async (): Promise<void> => {
    await killPrograms();
    await endDatabase();
    await place.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [redis] = await Promise.all([startRedis(serviceOf(compose, 'redis'), directory), makeImage(app)]);
    const database = await startDatabase(app, join(directory, 'database'));
    endDatabase = database.stop;
    const moves = { directory, redis, mongodb: database.url };
    const gateways: Record<string, GatewayContainer> = {};
    for (const [name, service] of Object.entries(gatewaysOf(compose))) {
      const env = { ...(await movedEnv(service, { ...moves, name })), ...telegramEnv(place) };
      gateways[name] = containerOf(service, env, app);
    }
    await Promise.all(Object.values(gateways).map((gateway) => gateway.up()));
    return { place, gateways, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function containerOf(service: ComposeService, env: Env, app: string): GatewayContainer {
  let running: Program | undefined;
  const run = ([command = '', ...args]: readonly string[]) => spawned(command, args, { ...env, PATH }, app);
  const [kind, ...check] = service.healthcheck.test;
  if (kind !== 'CMD') throw new Error('a health check without a shell is expected');
  const health = async () => (await run(check).ended).code;
  return {
    url: `http://${env['HTTP_LISTEN'] ?? ''}`,
    dataDir: env['DATA_DIR'] ?? '',
    health,
    exec: run,
    async up() {
      const started = run(service.command);
      running = started;
      await ready(started);
      const end = Date.now() + 30_000;
      while ((await health()) !== 0)
        if (Date.now() > end) throw new Error(`It did not become healthy: ${started.stderr()}`);
    },
    async stop() {
      if (running === undefined) throw new Error('it does not run');
      running.kill('SIGTERM');
      return running.ended;
    },
  };
}

interface Moves {
  readonly directory: string;
  readonly name: string;
  /** `host:port`. */
  readonly redis: string;
  readonly mongodb: string;
}

/** The variables of the image and of the file, with what is reached under another name here. */
async function movedEnv(service: ComposeService, moves: Moves): Promise<Env> {
  const given = { ...imageEnv(), ...service.environment };
  const env = secretFilesIn(join(moves.directory, 'secrets'), given);
  return {
    ...env,
    MONGODB_URL: moves.mongodb,
    REDIS_URL: (env['REDIS_URL'] ?? '').replace('redis:6379', moves.redis),
    HTTP_LISTEN: `127.0.0.1:${await freePort()}`,
    DATA_DIR: join(moves.directory, moves.name),
  };
}

/** Only because the real Telegram is not for tests. */
function telegramEnv(place: Place): Env {
  const { TELEGRAM_SERVER = '', TELEGRAM_PUBLIC_KEY_FILE = '' } = place.env() as Record<string, string>;
  return { TELEGRAM_SERVER, TELEGRAM_PUBLIC_KEY_FILE };
}

/** With the file's arguments; only on loopback, on a free port and in a throw-away directory. Answers `host:port`. */
async function startRedis({ command: [command = '', ...args] }: ComposeService, directory: string) {
  const port = await freePort();
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory];
  const server = spawned(command, [...args, ...where], {}, directory);
  await until(() => server.stdout().includes('Ready to accept connections'), 'a Redis that is ready');
  return `127.0.0.1:${port}`;
}

/** The wire server is the compiled command of the image. */
async function startDatabase(app: string, data: string): Promise<{ url: string; stop: () => Promise<void> }> {
  if (hasMongod()) return startMongod();
  const args = ['dist/cli.js', 'store', '--listen', '127.0.0.1:0', '--data', data];
  const store = spawned(process.execPath, args, {}, app);
  await ready(store);
  const { url } = JSON.parse(store.stdout()) as { url: string };
  return { url, stop: async () => undefined };
}
