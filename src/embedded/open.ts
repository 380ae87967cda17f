import { chmod, mkdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../domain/errors.js';
import type { Order, Report, WorkerOptions } from './channel.js';
import type { EmbeddedStore, EmbeddedStoreOptions } from './contract.js';
import { livingHolder, lockDirectory } from './lock.js';
import { removeSocket, socketPathFor, urlOf } from './socket-path.js';
import { defaultCapBytes } from './usage.js';

/**
 * Takes the directory's lock and serves its documents over a 0600 unix socket from a worker thread.
 * @throws GatewayError DIRECTORY_IN_USE (detail: the holder's pid), INTERNAL (the store cannot be opened)
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  options.signal?.throwIfAborted();
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await closeToOthers(directory);
  const socket = await socketPathFor(directory);
  const undo: (() => Promise<unknown>)[] = [() => removeSocket(socket)];
  try {
    const lock = await lockDirectory(directory, socket);
    undo.push(() => lock.release());
    if (lock.before && lock.before.socket !== socket) await removeSocket(lock.before.socket);
    const path = join(directory, 'store');
    await mkdir(path, { recursive: true, mode: 0o700 });
    const thread = startThread({ path, capBytes: options.mapBytes ?? defaultCapBytes, socket }, options);
    undo.push(() => thread.stop());
    await thread.next('ready');
    options.signal?.throwIfAborted();
    return opened(socket, thread, undo);
  } catch (error) {
    // The socket belongs to the holder if the lock was not ours.
    if (undo.length === 1 && socket.startsWith(directory)) undo.pop();
    await undoAll(undo);
    throw error;
  }
}

/** The address of a living store in this directory, or undefined if no living process holds its lock. */
export async function joinEmbeddedStore(directory: string): Promise<{ url: string } | undefined> {
  const holder = await livingHolder(resolve(directory));
  return holder && { url: urlOf(holder.socket) };
}

/** A mounted volume may be ours to write and somebody else's to change: it stays open, of which every start warns (`directory-open`). */
async function closeToOthers(directory: string): Promise<void> {
  if (((await stat(directory)).mode & 0o777) === 0o700) return;
  await chmod(directory, 0o700).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  });
}

function opened(socket: string, thread: Thread, undo: (() => Promise<unknown>)[]): EmbeddedStore {
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(socket),
    listen: async (host, port) => {
      if (!isLoopback(host))
        throw new GatewayError(
          'CONFIG_INVALID',
          `The store listens on loopback only, not on ${host}: it has no passwords.`,
        );
      thread.tell({ kind: 'listen', host, port });
      const { host: address, port: chosen } = await thread.next('listening');
      return { host: address, port: chosen };
    },
    close: () => (closing ??= undoAll(undo)),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Backwards through what was opened. */
async function undoAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

/** Of the cause only code and class are told: its text may hold contents. */
function deathBy(failure: Error | undefined): GatewayError {
  const code = failure && 'code' in failure ? ` ${String(failure.code)}` : '';
  const cause = failure ? `: ${failure.name}${code}` : '';
  return new GatewayError('INTERNAL', `the embedded store has died${cause}`, { cause: failure });
}

interface Thread {
  tell(order: Order): void;
  /** The worker's next answer, which must be of this kind. @throws GatewayError INTERNAL if it failed or died */
  next<K extends Report['kind']>(kind: K): Promise<Extract<Report, { kind: K }>>;
  stop(): Promise<void>;
}

/** Compiled, the worker's file; under tsx a module that first registers tsx, which a worker on Node 20 does not inherit. */
function workerModule(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./worker.js', import.meta.url);
  const file = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  // Under a test runner's require() there is no import.meta.resolve; the ESM half stands beside the file require() finds.
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(
    /\.cjs$/,
    '.mjs',
  );
  const code = `import { register } from ${JSON.stringify(loader)}; register(); await import(${file});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

function startThread(
  workerData: WorkerOptions,
  { onUsage, onDeath }: Pick<EmbeddedStoreOptions, 'onUsage' | 'onDeath'>,
): Thread {
  const worker = new Worker(workerModule(), { workerData, execArgv: [] });
  /** Whether its end would be news: it is at work, and nobody has told it to stop. */
  let isServing = false;
  worker.on('message', (report: Report) => {
    if (report.kind === 'usage') onUsage?.(report.usage);
    if (report.kind === 'ready') isServing = true;
  });
  let failure: Error | undefined;
  worker.on('error', (error) => (failure = error));
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isOver = true;
      resolve();
      if (isServing) onDeath?.(deathBy(failure));
    });
  });
  const next = <K extends Report['kind']>(kind: K): Promise<Extract<Report, { kind: K }>> =>
    new Promise((resolve, reject) => {
      const failed = (reason: string): void =>
        reject(new GatewayError('INTERNAL', `embedded store: ${reason}`, { cause: failure }));
      worker.on('message', function hear(report: Report) {
        if (report.kind === 'usage') return;
        worker.off('message', hear);
        if (report.kind === kind) resolve(report as Extract<Report, { kind: K }>);
        else failed(report.kind === 'failed' ? report.reason : `unexpected ${report.kind}`);
      });
      void ended.then(() => failed(failure?.message ?? 'its thread ended'));
    });
  return {
    tell: (order) => worker.postMessage(order),
    next,
    stop: async () => {
      isServing = false;
      if (!isOver) worker.postMessage({ kind: 'close' } satisfies Order);
      await ended;
    },
  };
}
