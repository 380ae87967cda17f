/** Processes of the sandbox: each talks into a log file of its own and is ended by its pid, the newest first. */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createWriteStream, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How long a process may take to say its first line, and to end when asked. */
const readyWithinMs = 30_000;
const endsWithinMs = 10_000;

/** What our processes inherit; nothing else, so that a developer's own MONGODB_URL or tokens never reach the sandbox. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];

type Child = ChildProcessWithoutNullStreams;
export type Env = Readonly<Record<string, string>>;

export interface Program {
  /** Names the log file. */
  readonly name: string;
  /** A TypeScript file of this repository. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Env;
}

export interface Running {
  readonly pid: number;
  /** The first line of stdout. */
  readonly said: unknown;
  readonly alive: boolean;
  /** Sends the signal and answers when the process is gone; SIGKILL follows where it is not heard. False: it had to. */
  end(signal: 'SIGTERM' | 'SIGKILL', withinMs?: number): Promise<boolean>;
}

export class Processes {
  readonly #logs: string;
  readonly #running: Running[] = [];
  #closed = false;

  constructor(logDirectory: string) {
    this.#logs = logDirectory;
  }

  logOf(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  /** Starts a server and answers when it has printed its one line of JSON. Throws when it ends or stays silent. */
  async start(program: Program): Promise<Running> {
    const child = this.#spawn(program);
    const running = runningOf(child);
    this.#running.push(running);
    const line = await firstLine(child, `${program.name} (its log: ${this.logOf(program.name)})`);
    return Object.assign(running, { said: JSON.parse(line) as unknown });
  }

  /** Runs a command to its end, with lines for its stdin that may still be on their way. Answers the last line of stdout. */
  async command(program: Program, lines: readonly (string | Promise<string>)[]): Promise<unknown> {
    const child = this.#spawn(program);
    this.#running.push(runningOf(child));
    let last = '';
    createInterface({ input: child.stdout }).on('line', (line) => (last = line));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    // A command that has already refused reads no more; its exit code tells.
    child.stdin.on('error', () => undefined);
    void typeIn(child, lines);
    const code = await ended;
    if (code !== 0)
      throw new Error(`${program.name} ended with ${String(code)}: see ${this.logOf(program.name)}`);
    return JSON.parse(last) as unknown;
  }

  /** Ends what still runs; nothing can be started afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const running of this.#running.splice(0).reverse()) await running.end('SIGTERM');
  }

  #spawn({ name, file, args = [], env = {} }: Program): Child {
    if (this.#closed) throw new Error('the sandbox is closing');
    const own = inherited.map((key) => [key, process.env[key]] as const);
    const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
      cwd: root,
      env: { ...Object.fromEntries(own), ...env },
    });
    const log = createWriteStream('', { fd: openSync(this.logOf(name), 'a', 0o600) });
    child.stderr.pipe(log, { end: false });
    // A crash in native code says nothing itself.
    child.once('close', (code, signal) => log.end(`ended by ${signal ?? `code ${String(code)}`}\n`));
    return child;
  }
}

function runningOf(child: Child): Running {
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const running = {
    pid: child.pid ?? 0,
    said: undefined,
    get alive(): boolean {
      return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
    },
    async end(signal: 'SIGTERM' | 'SIGKILL', withinMs = endsWithinMs): Promise<boolean> {
      if (!running.alive) return true;
      child.kill(signal);
      let heard = true;
      const timer = setTimeout(() => {
        heard = false;
        child.kill('SIGKILL');
      }, withinMs);
      await gone;
      clearTimeout(timer);
      return heard;
    },
  };
  return running;
}

function firstLine(child: Child, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start`)), readyWithinMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${name} ended with ${String(code)} before it was ready`)));
  });
}

async function typeIn(child: Child, lines: readonly (string | Promise<string>)[]): Promise<void> {
  try {
    for (const line of lines) child.stdin.write(`${await line}\n`);
    child.stdin.end();
  } catch {
    child.kill('SIGTERM');
  }
}
