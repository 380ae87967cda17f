/** `npm run faults`: the whole gateway under one fault after the other; compares what people wrote with what people see. */

import { writeFileSync } from 'node:fs';
import { faults, obstacle } from './list/all.js';
import type { Fault } from './list/fault.js';
import { readOptions, usage, type Options } from './options.js';
import { playRound, type Result } from './round.js';
import { headLine, isGood, rowLine } from './table.js';
import { seedOf } from './traffic/random.js';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** Answers the exit code. */
async function run(options: Options): Promise<number> {
  const chosen = chosenOf(options);
  if (chosen.length === 0) {
    process.stderr.write('No fault has such a name; --list names them.\n');
    return 2;
  }
  let close: () => Promise<void> = async () => undefined;
  const interrupted = (): void => void close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const began = Date.now();
  const results: Result[] = [];
  const broken: string[] = [];
  tell(headLine());
  for (const fault of chosen) {
    const reason = obstacle(fault);
    if (reason !== undefined) tell(`${fault.name}: left out, ${reason}`);
    for (let round = 0; reason === undefined && round < options.rounds; round += 1) {
      const seed = seedOf(options.seed + round, fault.name);
      try {
        const result = await playRound(
          { fault, seed, messages: options.messages },
          (closing) => (close = closing),
        );
        results.push(result);
        tell(rowLine(result));
        if (!isGood(result)) tellWhy(result);
      } catch (error) {
        broken.push(fault.name);
        tell(`${fault.name}: not played, ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const verdict = verdictOf(results, broken, Date.now() - began);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ options, verdict, results, broken }, undefined, 2)}\n`);
  }
  tell(verdict);
  return broken.length === 0 && results.every(isGood) ? 0 : 1;
}

function chosenOf({ only, short }: Options): readonly Fault[] {
  if (only.length > 0) return faults.filter(({ name }) => only.some((word) => name.startsWith(word)));
  return short ? faults.filter((fault) => fault.short === true) : faults;
}

function tellWhy({ faults: lines, notices, directory }: Result): void {
  for (const line of [...lines, ...notices].slice(0, 12)) tell(`    ${line}`);
  if (directory !== undefined) tell(`    logs and data: ${directory}`);
}

function verdictOf(results: readonly Result[], broken: readonly string[], tookMs: number): string {
  const sum = (of: (result: Result) => number): number => results.reduce((total, one) => total + of(one), 0);
  const isAllGood = broken.length === 0 && results.every(isGood);
  const slowest = Math.max(0, ...results.map(({ recoveryMs = 0 }) => recoveryMs));
  return (
    `${isAllGood ? '✓' : '✗'} ${results.length} rounds, ${sum((one) => one.written)} messages: ` +
    `${sum((one) => one.lost)} lost, ${sum((one) => one.repeated)} repeated, ${sum((one) => one.outOfOrder)} out of order, ` +
    `${sum((one) => one.wrongTopic)} in the wrong topic; slowest recovery ${(slowest / 1000).toFixed(1)} s` +
    `${broken.length === 0 ? '' : `; not played: ${broken.join(', ')}`} (${Math.round(tookMs / 1000)} s)`
  );
}

const options = readOptions();
if (options === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else if (options.list) {
  for (const { name, what } of faults) tell(`${name.padEnd(28)}${what}`);
} else {
  process.exitCode = await run(options);
}
