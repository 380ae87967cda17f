/** A server that is not ours, as a process of the round: killed, frozen and started again on the same data. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import type { ProcessSwitch } from '../stage/switch.js';

export interface Native {
  readonly command: string;
  readonly args: readonly string[];
  /** What it prints on stdout once it answers. */
  readonly readyText: string;
  readonly logFile: string;
}

const readyWithinMs = 30_000;
const endsWithinMs = 20_000;

/** None outlives us, however we end. */
const living = new Set<ChildProcess>();
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')));

export function nativeSwitch(native: Native): ProcessSwitch {
  let child: ChildProcess | undefined;
  const alive = (): boolean => child?.exitCode === null && child.signalCode === null;
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = child;
    if (ending === undefined || !alive()) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    // Frozen, it hears nothing else.
    const timer = setTimeout(() => ending.kill('SIGKILL'), endsWithinMs);
    await gone;
    clearTimeout(timer);
  };
  return {
    get alive() {
      return alive();
    },
    pid: () => (alive() ? child?.pid : undefined),
    async start() {
      if (alive()) return;
      const started = spawn(native.command, [...native.args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      living.add(started);
      started.once('exit', () => living.delete(started));
      await ready(started, native);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
}

/** Rejects when it ends before it is ready, or says nothing in time. */
async function ready(child: ChildProcess, { command, readyText, logFile }: Native): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) => (): void => reject(new Error(`${command} ${why}: see ${logFile}`));
    const timer = setTimeout(fail('is not ready'), readyWithinMs);
    child.once('error', fail('cannot be started'));
    child.once('exit', fail('ended'));
    let said = '';
    const hear = (chunk: Buffer): void => {
      appendFileSync(logFile, chunk);
      if (said.length < 100_000) said += String(chunk);
      if (!said.includes(readyText)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  });
}
