/** The Dockerfile, instruction by instruction. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compose-file.js';

export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** On one line. */
  readonly text: string;
}

/** What one `FROM` begins, without it. */
export interface BuildStage {
  readonly base: string;
  readonly name?: string;
  readonly instructions: readonly Instruction[];
}

export function readDockerfile(): readonly BuildStage[] {
  const stages: (BuildStage & { readonly instructions: Instruction[] })[] = [];
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, base, as] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(text) ?? [];
    if (name === 'FROM' && base !== undefined)
      stages.push({ base, ...(as === undefined ? {} : { name: as }), instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
}

/** The texts of every instruction of this name, in order. */
export function textsOf(stage: BuildStage | undefined, name: string): string[] {
  return (stage?.instructions ?? [])
    .filter((instruction) => instruction.name === name)
    .map(({ text }) => text);
}

/** `ENV` of the last stage. */
export function imageEnv(): Record<string, string> {
  const pairs = textsOf(readDockerfile().at(-1), 'ENV').flatMap((text) => text.split(/\s+/));
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** What the image takes from the build context, in any stage. */
export function copiedFromContext(): string[] {
  const copies = readDockerfile().flatMap((stage) => textsOf(stage, 'COPY'));
  return copies
    .filter((text) => !text.startsWith('--from='))
    .flatMap((text) => text.split(/\s+/).slice(0, -1))
    .filter((path, index, all) => all.indexOf(path) === index);
}
