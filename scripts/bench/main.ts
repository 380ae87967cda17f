/** `npm run bench`: the gateway beside stock GramJS, on a local Telegram in its own process. JSON, then a table, on stdout. */

import { writeFileSync } from 'node:fs';
import { compare, comparisonTable } from './against.js';
import { advantage, type Figure, type Report } from './figures.js';
import { columns as allColumns } from './columns.js';
import { machine } from './machine.js';
import { measures, type MeasureName } from './measures.js';
import { readOptions, usage, type Options } from './options.js';
import { fullPlan, quickPlan } from './plan.js';
import { stopAll } from './process/child.js';
import { closeServices } from './services.js';
import { tableOf } from './table.js';

async function main(options: Options): Promise<void> {
  if (options.against === undefined) await measure(options);
  else {
    const compared = await compare(options.against, options);
    say(options.json, { ...machine(), against: options.against, rounds: options.rounds, compared });
    print(comparisonTable(compared, options.against));
  }
}

async function measure({ quick, only, columns, json, profile }: Options): Promise<void> {
  const began = machine();
  const plan = quick ? quickPlan : fullPlan;
  const chosen = allColumns.filter((column) => columns.length === 0 || columns.includes(column));
  const context = {
    plan,
    progress,
    columns: chosen,
    ...(profile === undefined ? {} : { profileDir: profile }),
  };
  const figures: Figure[] = [];
  const notes = ['posting limits off: Telegram would allow 20 posts a minute per bot and group'];
  for (const [name, act] of Object.entries(measures)) {
    if (only.length > 0 && !only.includes(name as MeasureName)) continue;
    const report: Report = await act(context);
    figures.push(...report.figures);
    notes.push(...(report.notes ?? []));
  }
  const rated = figures.map((figure) => ({ ...figure, ratio: advantage(figure) }));
  say(json, { machine: began, quick, limits: 'off', figures: rated, notes });
  const { cores, cpu, node, load, flushMs, revision } = began;
  const flush = `${flushMs.p50.toFixed(1)} ms (p95 ${flushMs.p95.toFixed(1)})`;
  print(
    `${revision} · ${cores} × ${cpu} · node ${node} · flush ${flush} · load before ${load.toFixed(1)} · posting limits off\n`,
  );
  print(tableOf(figures));
  print(`\n${notes.map((note) => `- ${note}`).join('\n')}`);
}

function say(file: string | undefined, value: object): void {
  const text = JSON.stringify(value, null, 2);
  if (file === undefined) print(`${text}\n`);
  else writeFileSync(file, `${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function progress(words: string): void {
  process.stderr.write(`bench: ${words}\n`);
}

function end(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function closeAll(): Promise<void> {
  await stopAll();
  await closeServices();
}

process.once('SIGTERM', interrupted).once('SIGINT', interrupted);

function interrupted(): void {
  void closeAll().finally(() => process.exit(130));
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  end(error);
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
if (options !== undefined) await main(options).catch(end).finally(closeAll);
