import { BotApi } from './bot-api/server.js';
import { MtprotoServer, type Call, type Faults, type Listening } from './mtproto/server.js';
import type { DcAddress, Desk, DifferenceSettings } from './services/ask.js';
import { handlers } from './services/handlers.js';
import { Logins } from './services/login/logins.js';
import { pushAll } from './services/pushes.js';
import type { Clock } from './world/clock.js';
import type { LimitSettings } from './world/limits.js';
import { readWorld } from './world/seed.js';
import { World } from './world/world.js';

export interface TelegramOptions {
  /** A ready world; else `worldFile` (JSON, see world/seed.ts) is read; else the world is empty. */
  world?: World;
  worldFile?: string;
  /** Port of the first DC, the others follow; 0 (default): any free ones. */
  port?: number;
  /** Port of the Bot API; 0 (default): any free one. */
  botApiPort?: number;
  /** DC numbers; default [2]. */
  dcs?: readonly number[];
  clock?: Clock;
  /** Posting limits of bots; default: as Telegram's. */
  limits?: Partial<LimitSettings>;
  difference?: Partial<DifferenceSettings>;
  /** What help.getConfig says of a DC; default: where it really listens. */
  addressOf?: (dc: number) => DcAddress;
  onCall?: (call: Call) => void;
  onProblem?: (problem: string) => void;
}

export interface LocalTelegram {
  readonly world: World;
  readonly server: MtprotoServer;
  readonly botApi: BotApi;
  /** `http://127.0.0.1:PORT`; empty before `listen`. */
  readonly botApiRoot: string;
  readonly logins: Logins;
  readonly faults: Faults;
  /** The latest 10 000 requests, oldest first, without file bytes; `calls.length = 0` forgets them. */
  readonly calls: Call[];
  readonly problems: string[];
  readonly publicKeyPem: string;
  listen(): Promise<Listening>;
  close(): Promise<void>;
}

const DIFFERENCE: DifferenceSettings = { slice: 200, tooLong: 1_000_000, channelTooLong: 1000, short: true };

const CALLS_KEPT = 10_000;

/** A whole Telegram: one world, its MTProto server, its Bot API, and the pushes between them. Nothing listens yet. */
export function createTelegram(options: TelegramOptions = {}): LocalTelegram {
  const { dcs = [2], onCall, onProblem } = options;
  const world = worldOf(options, dcs[0] ?? 2);
  const calls: Call[] = [];
  const problems: string[] = [];
  const logins = new Logins(world.clock);
  let listening: Listening = { host: '127.0.0.1', ports: {} };
  const addressOf =
    options.addressOf ?? ((dc: number) => ({ host: listening.host, port: listening.ports[dc] ?? 0 }));
  const desk: Desk = {
    world,
    logins,
    dcs,
    addressOf,
    difference: { ...DIFFERENCE, ...options.difference },
    wire: {
      push: (userId, updates, except) => server.push(userId, updates, except),
      pushTo: (authKeyId, updates) => server.pushTo(authKeyId, updates),
    },
  };
  const server = new MtprotoServer({
    handlers: handlers(desk),
    dcs,
    clock: world.clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    onCall: (call) => {
      calls.push(call.name.startsWith('upload.save') ? { ...call, request: { _: call.name } } : call);
      if (calls.length > CALLS_KEPT) calls.splice(0, CALLS_KEPT / 2);
      onCall?.(call);
    },
    onProblem: (problem) => {
      problems.push(problem);
      onProblem?.(problem);
    },
  });
  const stop = pushAll(desk);
  const botApi = new BotApi(world);
  return {
    world,
    server,
    botApi,
    get botApiRoot() {
      return botApi.root;
    },
    logins,
    faults: server.faults,
    calls,
    problems,
    publicKeyPem: server.publicKey.pem,
    listen: async () => {
      await botApi.listen(options.botApiPort);
      return (listening = await server.listen());
    },
    close: async () => {
      stop();
      await Promise.all([server.close(), botApi.close()]);
    },
  };
}

function worldOf({ world, worldFile, clock, limits }: TelegramOptions, dc: number): World {
  const options = { dc, ...(clock ? { clock } : {}), ...(limits ? { limits } : {}) };
  return world ?? (worldFile ? readWorld(worldFile, options) : new World(options));
}
