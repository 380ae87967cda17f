import { Int32 } from 'mongodb';
import { dice } from '../model/generate/dice.js';
import { indexSets } from '../model/generate/indexes.js';
import { read, write, type Step } from '../model/generate/steps.js';
import { row } from '../model/generate/values.js';
import { isFields, isNumber, numeric, textOf, type Fields, type Plain } from '../model/value.js';
import type { Side } from './side.js';

export interface Played {
  readonly steps: number;
  /** Questions that an index served, where the first side can tell. */
  readonly indexed: number;
}

const rowCount = 40;
const writesPerIndex = 8;
const readsPerIndex = 10;

/** Two answers that differ; the message holds the seed, the step and both. */
export class Difference extends Error {}

/** Plays one seed on both sides and compares every answer. @throws Difference */
export async function playRound(seed: number, left: Side, right: Side): Promise<Played> {
  const d = dice(seed);
  let steps = 0;
  let indexed = 0;
  const both = async (step: Step, onlyCode = false): Promise<boolean> => {
    const [a, b] = [await left.answer(step), await right.answer(step)];
    steps++;
    const [one, other] = [readable(step, a, onlyCode), readable(step, b, onlyCode)];
    if (one !== other) throw difference(seed, steps, step, { [left.name]: one, [right.name]: other });
    return a['code'] === undefined;
  };
  await both({
    command: {
      insert: 'rows',
      documents: Array.from({ length: rowCount }, (_, id) => row(d, id)),
      ordered: false,
    },
  });
  for (const indexes of [[], ...indexSets]) {
    const fields = indexes.flatMap((index) => Object.keys(index['key'] ?? {}));
    // Which of several duplicates an index meets first while it is built is nobody's promise.
    if (indexes.length > 0) await both({ command: { createIndexes: 'rows', indexes } }, true);
    for (let i = 0; i < writesPerIndex; i++) await both(write(d));
    for (let i = 0; i < readsPerIndex; i++) {
      const step = read(d, fields);
      const isGood = await both(step);
      const { filter } = step.command;
      if (isGood && filter !== undefined && (await left.isIndexed?.(filter)) === true) indexed++;
    }
    if (indexes.length > 0) await both({ command: { dropIndexes: 'rows', index: '*' } });
  }
  await both({ command: { find: 'rows', sort: { _id: new Int32(1) } } });
  return { steps, indexed };
}

/** The answer as text; the order of its own fields means nothing, rows that nobody ordered are put in one. */
function readable({ command, anyOrder }: Step, answer: Fields, onlyCode: boolean): string {
  if (onlyCode) return textOf({ code: answer['code'] ?? null });
  const [name] = Object.keys(command);
  const fields = Object.entries(answer).map(([field, value]): [string, unknown] => {
    const shown = name === 'distinct' ? untyped(value) : value;
    return [field, anyOrder === true && Array.isArray(shown) ? shown.map(textOf).toSorted() : shown];
  });
  return textOf(Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** Numbers by their value alone: which type stands for equal ones depends on who came first. */
function untyped(value: Plain): Plain {
  if (isNumber(value)) return `number ${numeric(value)}`;
  if (Array.isArray(value)) return value.map(untyped);
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, untyped(part)]))
    : value;
}

function difference(
  seed: number,
  place: number,
  { command, repeated }: Step,
  answers: Record<string, string>,
): Difference {
  const told = Object.entries(apart(answers)).map(([name, answer]) => `  ${name}: ${answer}`);
  return new Difference(
    [
      `seed ${seed}, step ${place}${repeated === true ? ' (sent twice)' : ''}: ${textOf(command)}`,
      ...told,
      `  again: npm run test:services -- --differential --seed ${seed} --rounds 1 (and the same URLs, if any)`,
    ].join('\n'),
  );
}

const shownLength = 600;

/** The answers from shortly before the place where they part. */
function apart(answers: Record<string, string>): Record<string, string> {
  const [one = '', other = ''] = Object.values(answers);
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = Math.max(0, at - 100);
  const shown = (text: string): string =>
    `${from > 0 ? '…' : ''}${text.slice(from, from + shownLength)}${text.length > from + shownLength ? '…' : ''}`;
  return Object.fromEntries(Object.entries(answers).map(([name, text]) => [name, shown(text)]));
}
