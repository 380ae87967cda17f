/** One mocha run as a process group of its own, so that it can be ended with everything it started. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keep } from './backends.js';

export interface Outcome {
  readonly passed: number;
  readonly leftOut: number;
  readonly failures: readonly { readonly title: string; readonly why: string }[];
}

interface Report {
  readonly stats: { readonly passes: number; readonly pending: number };
  readonly failures: readonly {
    readonly fullTitle: string;
    readonly err: { readonly stack?: string; readonly message?: string };
  }[];
}

const mocha = ['--import', 'tsx', '--import', './scripts/mocha-esm.js', 'node_modules/mocha/bin/mocha.js'];
const flags = ['--no-config', '--no-package', '--exit', '--timeout', '30000', '--reporter', 'json'];
const suiteMs = 15 * 60_000;
const root = join(import.meta.dirname, '../..');

/**
 * Runs test files with more environment; an empty value unsets a variable. `directory` takes the report and the throw-away data.
 * Never rejects for what the tests do: a run that ends without a report is a failure.
 */
export async function runSuite(
  files: readonly string[],
  env: Readonly<Record<string, string>>,
  directory: string,
  keep: Keep,
): Promise<Outcome> {
  mkdirSync(directory, { recursive: true });
  const report = join(directory, 'report.json');
  const variables = { ...process.env, TMPDIR: directory, SCRATCH_DIR: directory, REQUIRE_REAL: '', ...env };
  const set = Object.entries(variables).filter(([, value]) => value !== '');
  const child = spawn(
    process.execPath,
    [...mocha, ...flags, '--reporter-option', `output=${report}`, ...files],
    {
      cwd: root,
      env: Object.fromEntries(set),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const gone = once(child, 'exit');
  const end = async (): Promise<void> => {
    endGroup(child.pid);
    await gone;
  };
  keep(end);
  const timer = setTimeout(() => void end(), suiteMs);
  const [code] = (await gone) as [number | null];
  clearTimeout(timer);
  endGroup(child.pid);
  return existsSync(report)
    ? outcomeOf(JSON.parse(readFileSync(report, 'utf8')) as Report)
    : broken(code, complaint);
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group lives any more.
  }
}

function outcomeOf({ stats, failures }: Report): Outcome {
  return {
    passed: stats.passes,
    leftOut: stats.pending,
    failures: failures.map(({ fullTitle, err }) => ({
      title: fullTitle,
      why: err.stack ?? err.message ?? '',
    })),
  };
}

function broken(code: number | null, complaint: string): Outcome {
  const title = `the run ended without a report (exit code ${code ?? 'none'})`;
  return { passed: 0, leftOut: 0, failures: [{ title, why: complaint }] };
}
