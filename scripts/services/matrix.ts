/** What ran and what did not, in plain words. */

import type { Outcome } from './suite.js';

/** One cell: a suite against a backend. */
export interface Cell {
  readonly suite: string;
  /** The backend's name in the summary; cells of one backend are added up. */
  readonly backend: string;
  readonly result: Outcome | { readonly missing: string };
}

export function cellLine({ suite, backend, result }: Cell): string {
  return `${suite.padEnd(24)}${backend.padEnd(24)}${wordsOf(result)}`;
}

/** One line: each backend with what it passed, or why it did not run. */
export function summaryLine(cells: readonly Cell[]): string {
  const backends = [...new Set(cells.map(({ backend }) => backend))];
  return backends
    .map(
      (name) =>
        `${name}: ${wordsOf(
          cells
            .filter(({ backend }) => backend === name)
            .map(({ result }) => result)
            .reduce(added),
        )}`,
    )
    .join(' · ');
}

/** The lines that `.ci/run` reads as mocha's own, then the verdict. */
export function verdictLines(cells: readonly Cell[]): readonly string[] {
  const { passed, failures } = totalOf(cells);
  const notRun = cells
    .filter(({ result }) => 'missing' in result)
    .map(({ suite, backend }) => `${suite} on ${backend}`);
  const rest = notRun.length === 0 ? '' : `; not run: ${notRun.join(', ')}`;
  return [
    `  ${passed} passing`,
    ...(failures.length === 0 ? [] : [`  ${failures.length} failing`]),
    failures.length === 0
      ? `Verdict: everything that ran passed${rest}.`
      : `Verdict: ${failures.length} failed${rest}.`,
  ];
}

export function failureLines(cells: readonly Cell[]): readonly string[] {
  return cells.flatMap(({ suite, backend, result }) =>
    'missing' in result
      ? []
      : result.failures.map(
          ({ title, why }) => `✗ ${suite} on ${backend}: ${title}\n${why.replace(/^/gm, '    ')}\n`,
        ),
  );
}

export function hasFailed(cells: readonly Cell[]): boolean {
  return totalOf(cells).failures.length > 0;
}

function totalOf(cells: readonly Cell[]): Outcome {
  const empty: Outcome = { passed: 0, leftOut: 0, failures: [] };
  return cells.reduce((sum, { result }) => ('missing' in result ? sum : plus(sum, result)), empty);
}

function added(a: Cell['result'], b: Cell['result']): Cell['result'] {
  if ('missing' in a) return b;
  return 'missing' in b ? a : plus(a, b);
}

function plus(a: Outcome, b: Outcome): Outcome {
  return {
    passed: a.passed + b.passed,
    leftOut: a.leftOut + b.leftOut,
    failures: [...a.failures, ...b.failures],
  };
}

function wordsOf(result: Cell['result']): string {
  if ('missing' in result) return `not run (${result.missing})`;
  const { passed, leftOut, failures } = result;
  const more = [
    ...(failures.length === 0 ? [] : [`${failures.length} failed`]),
    ...(leftOut === 0 ? [] : [`${leftOut} left out`]),
  ];
  return [`${passed} passed`, ...more].join(', ');
}
