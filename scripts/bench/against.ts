/** Two revisions, measured alternately so that a busy machine is busy for both. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median, type Figure } from './figures.js';
import { aligned, numberText, ratioText } from './table.js';
import type { Options } from './options.js';

export interface Compared {
  readonly name: string;
  readonly unit: string;
  /** Medians of our column: of this checkout, of the other revision. */
  readonly here: number;
  readonly there: number;
  /** How many times better this checkout is. */
  readonly ratio: number;
}

/** Runs `--quick` of both, `rounds` times each. Throws when the revision is unknown or has no bench. */
export async function compare(revision: string, { rounds, only }: Options): Promise<Compared[]> {
  const here = process.cwd();
  const directory = mkdtempSync(join(tmpdir(), 'understudy-against-'));
  const there = join(directory, 'tree');
  git('worktree', 'add', '--quiet', '--detach', there, revision);
  try {
    symlinkSync(resolve('node_modules'), join(there, 'node_modules'));
    if (!existsSync(join(there, 'scripts/bench/main.ts'))) throw new Error(`${revision} has no bench`);
    const runs: { here: Figure[][]; there: Figure[][] } = { here: [], there: [] };
    const sides = [
      async () => runs.there.push(await run(there, join(directory, 'there.json'), only)),
      async () => runs.here.push(await run(here, join(directory, 'here.json'), only)),
    ];
    // Who begins changes with the round: load that grows or falls meanwhile is fair to both.
    for (let round = 0; round < rounds; round++)
      for (const side of round % 2 === 0 ? sides : sides.toReversed())
        // Hours may have gone before: one failure, on a machine that others load too, does not end them.
        await side().catch((error: unknown) => {
          process.stderr.write(
            `bench: once more, since ${error instanceof Error ? error.message : 'it failed'}\n`,
          );
          return side();
        });
    return comparison(runs.here, runs.there);
  } finally {
    git('worktree', 'remove', '--force', there);
    rmSync(directory, { recursive: true, force: true });
  }
}

export function comparisonTable(compared: readonly Compared[], revision: string): string {
  const rows = compared.map(({ name, unit, here, there, ratio }) => [
    name,
    unit,
    numberText(here),
    numberText(there),
    ratioText(ratio),
  ]);
  return aligned([['', 'unit', 'here', revision, 'here is better'], ...rows]);
}

function comparison(here: readonly Figure[][], there: readonly Figure[][]): Compared[] {
  return (here[0] ?? []).flatMap(({ name, unit, better }) => {
    const ours = median(valuesOf(here, name));
    const theirs = median(valuesOf(there, name));
    if (!Number.isFinite(ours) || !Number.isFinite(theirs)) return [];
    return [
      { name, unit, here: ours, there: theirs, ratio: better === 'more' ? ours / theirs : theirs / ours },
    ];
  });
}

function valuesOf(runs: readonly Figure[][], name: string): number[] {
  return runs.flatMap((figures) => figures.find((figure) => figure.name === name)?.ours ?? []);
}

async function run(directory: string, file: string, only: Options['only']): Promise<Figure[]> {
  const args = ['--import', 'tsx', 'scripts/bench/main.ts', '--quick', '--json', file];
  // The comparison reads our first column only; a revision without the others has nothing to leave out.
  if (existsSync(join(directory, 'scripts/bench/columns.ts'))) args.push('--columns', 'embedded');
  const child = spawn(process.execPath, [...args, ...only.flatMap((name) => ['--only', name])], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the bench in ${directory} failed`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { figures: Figure[] }).figures;
}

function git(...args: string[]): void {
  execFileSync('git', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
