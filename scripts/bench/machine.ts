import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile } from './figures.js';

const flushes = 100;

/** Where figures come from: they are worth little without it. */
export function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    /** A 4 kB write and its flush, where the data directories are: the store waits for one with every acknowledged write. */
    flushMs: flushMs(),
    /** Of the minute before the run: above 1 others were at work here. */
    load: loadavg()[0] ?? 0,
    revision: revision(),
  };
}

function flushMs(): { readonly p50: number; readonly p95: number } {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-flush-'));
  const file = openSync(join(directory, 'file'), 'w');
  const times = Array.from({ length: flushes }, () => {
    const start = performance.now();
    writeSync(file, Buffer.alloc(4096));
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  rmSync(directory, { recursive: true });
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}
