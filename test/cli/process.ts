/** The real programs as processes of their own: what they print, how they end, and the lines they are given. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../walks/until.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start to the end, ms. */
  readonly ms: number;
}

export interface Program {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Gives stdin one line. */
  type(line: string): void;
  /** Ends stdin. */
  hangUp(): void;
  kill(signal: NodeJS.Signals): void;
}

export type Env = Readonly<Record<string, string>>;

const root = join(import.meta.dirname, '../..');
const living = new Set<ChildProcess>();

/** `npm run gateway -- ARGS`, without npm. */
export function runCommand(args: readonly string[], env: Env): Program {
  return run([join(root, 'src/cli.ts'), ...args], env);
}

/** `npm start`, without npm. */
export function runGateway(env: Env): Program {
  return run([join(root, 'src/main.ts')], env);
}

/** A command as a person runs it: on a terminal, whose whole screen is its stdout. */
export function runOnTerminal(args: readonly string[], env: Env): Program {
  const words = [process.execPath, '--import', 'tsx', join(root, 'src/cli.ts'), ...args];
  return spawned('script', ['-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null'], env);
}

/** Whether `script` (util-linux) is here to make a terminal. */
export const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** Kills what a test has left running; for `after` hooks. */
export async function killPrograms(): Promise<void> {
  for (const child of living) child.kill('SIGKILL');
  await until(() => living.size === 0, 'the end of every program');
}

/** Waits for `{"ready":true,…}`. */
export async function ready(program: Program): Promise<void> {
  const isReady = () => program.stdout().includes('"ready":true');
  await Promise.race([until(isReady, 'a ready gateway', 30_000), program.ended]);
  if (!isReady()) throw new Error(`It ended instead: ${program.stderr()}`);
}

function run(args: readonly string[], env: Env): Program {
  return spawned(process.execPath, ['--import', 'tsx', ...args], env);
}

/** Any program. It sees our variables only, so that nothing of the developer's shell gets in. */
export function spawned(command: string, args: readonly string[], env: Env, cwd = root): Program {
  const startedAt = Date.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  living.add(child);
  const told = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told.stderr += text));
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      living.delete(child);
      resolve({ code, signal, ...told, ms: Date.now() - startedAt });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => told.stdout,
    stderr: () => told.stderr,
    type: (line) => child.stdin.write(`${line}\n`),
    hangUp: () => child.stdin.end(),
    kill: (signal) => child.kill(signal),
  };
}
