/** The parent's half of a bench process. Every figure comes from a process of its own, so that nobody pays for another's work. */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ops, Reply, Usage } from './serve.js';

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options for node, before the entry. */
  readonly nodeOptions?: readonly string[];
}

export interface Child<O extends Ops> {
  readonly pid: number;
  /** Unix milliseconds, just before the process was asked for. */
  readonly startedAt: number;
  ask<K extends keyof O & string>(op: K, argument: Parameters<O[K]>[0]): Promise<Awaited<ReturnType<O[K]>>>;
  usage(collect?: boolean): Promise<Usage>;
  /** The first line on stdout, without waiting for the end. */
  firstLine(): Promise<string>;
  /** SIGTERM, and SIGKILL when it does not end within ten seconds. */
  stop(): Promise<void>;
}

const patienceMs = 10_000;
const tailCharacters = 4000;
const living = new Set<ChildProcess>();

/** Starts `entry`, a path below scripts/bench/. A question rejects when the process ends before it has answered. */
export function startChild<O extends Ops>(entry: string, options: ChildOptions = {}): Child<O> {
  const startedAt = Date.now();
  const child = fork(fileURLToPath(new URL(`../${entry}`, import.meta.url)), {
    execArgv: ['--import', 'tsx', '--expose-gc', ...(options.nodeOptions ?? [])],
    env: { ...process.env, ...options.env },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  living.add(child);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let questions = 0;
  let tail = '';
  child.stderr?.on('data', (chunk) => (tail = `${tail}${String(chunk)}`.slice(-tailCharacters)));
  child.on('message', ({ id, value, error }: Reply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(`${entry}: ${error}`));
  });
  const gone = new Promise<Error>((resolve) => {
    child.once('exit', (code, signal) => {
      living.delete(child);
      const error = new Error(`${entry} ended (${signal ?? `code ${code ?? '?'}`}): ${tail}`);
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
      resolve(error);
    });
  });
  const ask = (op: string, argument: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++questions;
      waiting.set(id, { resolve, reject });
      child.send({ id, op, argument });
    });
  const line = firstLineOf(child);
  return {
    pid: child.pid ?? 0,
    startedAt,
    // The answer is what the op's own function returned, on the other side of the pipe.
    ask: (op, argument) => ask(op, argument) as Promise<never>,
    usage: (collect = false) => ask('usage', { collect }) as Promise<Usage>,
    firstLine: async () => {
      const first = await Promise.race([line, gone]);
      if (first instanceof Error) throw first;
      return first;
    },
    stop: () => stop(child),
  };
}

/** Ends what a failed measure left behind. */
export async function stopAll(): Promise<void> {
  await Promise.all([...living].map((child) => stop(child)));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(timer);
}

function firstLineOf(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk) => {
      text = text.slice(0, tailCharacters) + String(chunk);
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
  });
}
