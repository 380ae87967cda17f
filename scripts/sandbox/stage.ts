/** Everything of the sandbox, running: the local Telegram, the gateway with its two connections, the primary. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cast, worldFile } from './cast.js';
import { createControl, type Control } from './control.js';
import { Processes, type Env, type Program, type Running } from './processes.js';
import { until } from './until.js';

/** A process that can be stopped and started. */
export interface Switch {
  readonly alive: boolean;
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** SIGKILL: the process learns nothing of it. */
  kill(): Promise<void>;
}

export interface Stage {
  readonly control: Control;
  readonly primary: Switch;
  readonly gateway: Switch;
  /** Logs and data. */
  readonly directory: string;
  /** Ends all processes; `keep` leaves the directory. */
  close(keep: boolean): Promise<void>;
}

interface Telegram {
  readonly mtproto: { readonly host: string; readonly ports: Readonly<Record<string, number>> };
  readonly publicKeyFile: string;
  readonly botApiRoot: string;
  readonly control: string;
}

const codeWithinMs = 20_000;

/** `onOpen` hands out the closing before anything runs, so that an interruption finds it. */
export async function openStage(
  { limits, onOpen }: { limits: boolean; onOpen: (close: Stage['close']) => void },
  tell: (line: string) => void,
): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-sandbox-'));
  const processes = new Processes(directory);
  const close = async (keep: boolean): Promise<void> => {
    await processes.close();
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  onOpen(close);

  const telegram = await startTelegram(processes, directory);
  const control = createControl(telegram.control);
  await control.limits(limits);
  const env = gatewayEnv(telegram, directory);
  const gateway = switchOf(processes, { name: 'gateway', file: 'src/main.ts', env });
  const primary = switchOf(processes, {
    name: 'primary',
    file: 'scripts/sandbox/primary.ts',
    env: { BOT_TOKEN: cast.shop.token, BOT_API_ROOT: telegram.botApiRoot },
  });
  tell(`local Telegram at ${telegram.mtproto.host}:${Object.values(telegram.mtproto.ports).join()}`);

  await Promise.all([primary.start(), connectBot(processes, env, control)]);
  tell(`connected: ${cast.shop.firstName} (bot), its primary answers beside us`);
  await gateway.start();
  // On purpose while the gateway runs: the command joins the living store, and the fleet takes the account over.
  await connectAccount(processes, env, control);
  tell(`connected: ${cast.owner.firstName} (personal account), by phone and code, while the gateway runs`);
  return { control, primary, gateway, directory, close };
}

async function startTelegram(processes: Processes, directory: string): Promise<Telegram> {
  const world = join(directory, 'world.json');
  mkdirSync(directory, { recursive: true });
  writeFileSync(world, JSON.stringify(worldFile()));
  const args = ['--world', world];
  const { said } = await processes.start({ name: 'telegram', file: 'test/emulator/main.ts', args });
  return said as Telegram;
}

function gatewayEnv({ mtproto, publicKeyFile, botApiRoot }: Telegram, directory: string): Env {
  return {
    TELEGRAM_SERVER: `${mtproto.host}:${Object.values(mtproto.ports)[0] ?? 0}`,
    TELEGRAM_PUBLIC_KEY_FILE: publicKeyFile,
    BOT_API_ROOT: botApiRoot,
    SERVICE_BOT_TOKEN: cast.desk.token,
    DATA_DIR: join(directory, 'data'),
    HTTP_LISTEN: 'off',
    LOG_LEVEL: 'debug',
  };
}

async function connectBot(processes: Processes, env: Env, control: Control): Promise<void> {
  const args = ['login', 'bot', '--group', await groupId(control)];
  await processes.command({ name: 'login-bot', file: 'src/cli.ts', args, env }, [cast.shop.token]);
}

async function connectAccount(processes: Processes, env: Env, control: Control): Promise<void> {
  const { phone } = cast.owner;
  const args = ['login', 'account', '--group', await groupId(control), '--phone', `+${phone}`];
  await processes.command({ name: 'login-account', file: 'src/cli.ts', args, env }, [codeOf(control, phone)]);
}

async function codeOf(control: Control, phone: string): Promise<string> {
  const seen: { code: string | null } = { code: null };
  await until(async () => (seen.code = await control.code(phone)) !== null, codeWithinMs);
  if (seen.code === null) throw new Error('no login code was asked for');
  return seen.code;
}

async function groupId(control: Control): Promise<string> {
  const { groups } = await control.world();
  return String(groups.find(({ title }) => title === cast.group)?.chatId);
}

function switchOf(processes: Processes, program: Program): Switch {
  let running: Running | undefined;
  let starting: Promise<Running> | undefined;
  return {
    get alive() {
      return running?.alive === true;
    },
    get pid() {
      return running?.alive === true ? running.pid : undefined;
    },
    async start() {
      if (running?.alive === true) return;
      // Two impatient clicks start one process.
      starting ??= processes.start(program).finally(() => (starting = undefined));
      running = await starting;
    },
    async kill() {
      await running?.end('SIGKILL');
    },
  };
}
