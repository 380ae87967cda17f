/** `npm run faults`: the whole gateway under one fault after the other; compares what people wrote with what people see. */

import { writeFileSync } from 'node:fs';
import { faults, faultsOfServices, obstacle, shortOfServices } from './list/all.js';
import type { Fault } from './list/fault.js';
import { readOptions, usage, type Options } from './options.js';
import { playRound, type Result } from './round.js';
import { databaseLine } from './services/database.js';
import { redisVersion } from './services/redis.js';
import { stockPatience, stockRun } from './stock/list.js';
import { openStockStage } from './stock/stage.js';
import { headLine, isGood, rowLine, verdictLine } from './table.js';
import { seedOf } from './traffic/random.js';

type Close = () => Promise<void>;

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** Answers the exit code. */
async function run(options: Options): Promise<number> {
  const chosen = chosenOf(options);
  if (chosen.length === 0) {
    process.stderr.write('No fault has such a name; --list names them.\n');
    return 2;
  }
  let close: Close = async () => undefined;
  const interrupted = (): void => void close().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const began = Date.now();
  const results: Result[] = [];
  const broken: string[] = [];
  if (options.services) tell(`${databaseLine}; queue: redis-server ${redisVersion() ?? 'is missing'}`);
  tell(headLine());
  for (const fault of chosen) {
    const reason = obstacle(fault, options.services);
    if (reason !== undefined) tell(`${fault.name}: left out, ${reason}`);
    for (let round = 0; reason === undefined && round < options.rounds; round += 1) {
      const result = await play(fault, options, round, (closing) => (close = closing));
      if (result === undefined) broken.push(fault.name);
      else results.push(result);
    }
  }
  const verdict = verdictLine(results, broken, Date.now() - began);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ options, verdict, results, broken }, undefined, 2)}\n`);
  }
  tell(verdict);
  // The stock library is shown, not judged.
  return options.stock || verdict.startsWith('✓') ? 0 : 1;
}

/** Tells its row. Undefined: the round could not be played. */
async function play(
  fault: Fault,
  { seed, messages, services, stock }: Options,
  round: number,
  onOpen: (close: Close) => void,
): Promise<Result | undefined> {
  const options = { fault, seed: seedOf(seed + round, fault.name), messages };
  const house = stock ? { open: openStockStage, ...stockPatience(fault.name) } : {};
  try {
    const placed = services ? { ...fault, house: 'services' as const } : fault;
    const result = await playRound({ ...options, ...house, fault: placed }, onOpen);
    tell(rowLine(result));
    if (!isGood(result) && !stock) tellWhy(result);
    return result;
  } catch (error) {
    tell(`${fault.name}: not played, ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function chosenOf({ only, services, short, stock }: Options): readonly Fault[] {
  const all = services ? faultsOfServices : faults;
  if (only.length > 0) return all.filter(({ name }) => only.some((word) => name.startsWith(word)));
  if (services) return short ? shortOfServices : all;
  if (stock) return faults.filter(({ name }) => stockRun.includes(name));
  return short ? faults.filter((fault) => fault.short === true) : faults;
}

function tellWhy({ complaints, faults: lines, notices, directory }: Result): void {
  for (const line of [...complaints, ...lines, ...notices].slice(0, 12)) tell(`    ${line}`);
  if (directory !== undefined) tell(`    logs and data: ${directory}`);
}

const options = readOptions();
if (options === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else if (options.list) {
  const all = options.services ? faultsOfServices : faults;
  for (const { name, what } of all) tell(`${name.padEnd(44)}${what}`);
} else {
  process.exitCode = await run(options);
}
