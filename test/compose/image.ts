/** The image without Docker: a directory with what the last stage of the Dockerfile puts into its WORKDIR. */

import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawned } from '../cli/process.js';
import { root } from './compose-file.js';

interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Fills an empty directory. Libraries are links, and only those that `npm ci --omit=dev` would bring can be imported. */
export async function makeImage(directory: string): Promise<void> {
  const file = readFileSync(join(root, 'package.json'), 'utf8');
  const { scripts, dependencies } = JSON.parse(file) as Package;
  copyFileSync(join(root, 'package.json'), join(directory, 'package.json'));
  for (const name of Object.keys(dependencies)) {
    const link = join(directory, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
  await compile(scripts['build'] ?? '', join(directory, 'dist'));
}

/** `npm run build` into another directory. The types are left out: `npm run check` has looked at them. */
async function compile(build: string, into: string): Promise<void> {
  const [compiler = '', ...args] = build.split(' ');
  const path = join(root, 'node_modules/.bin', compiler);
  const ended = await spawned(process.execPath, [path, ...args, '--noCheck', '--outDir', into], {}).ended;
  if (ended.code !== 0) throw new Error(`${build} failed: ${ended.stdout}${ended.stderr}`);
}
