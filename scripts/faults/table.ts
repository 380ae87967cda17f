/** The table that people read: a row per round, the verdict at the end. */

import type { Result } from './round.js';

const columns = [
  'fault',
  'written',
  'lost',
  'repeated',
  'out of order',
  'wrong topic',
  'first sign',
  'recovery',
  'longest wait',
  'replaced',
] as const;
const widths = [44, 8, 6, 9, 13, 12, 12, 10, 14, 10] as const;

export function headLine(): string {
  return line(columns);
}

export function rowLine(result: Result): string {
  const { fault, written, lost, repeated, outOfOrder, wrongTopic, firstSignMs, recoveryMs } = result;
  const { longestWaitMs, replacedMs } = result;
  const counts = [written, lost, repeated, outOfOrder, wrongTopic].map(String);
  const replaced = replacedMs === undefined ? '' : seconds(replacedMs);
  return line([
    fault,
    ...counts,
    seconds(firstSignMs),
    seconds(recoveryMs),
    seconds(longestWaitMs),
    replaced,
  ]);
}

function seconds(ms: number | undefined): string {
  return ms === undefined || ms === Infinity ? 'never' : `${(ms / 1000).toFixed(1)} s`;
}

export function isGood({ lost, repeated, outOfOrder, wrongTopic, complaints }: Result): boolean {
  return lost + repeated + outOfOrder + wrongTopic + complaints.length === 0;
}

export function verdictLine(results: readonly Result[], broken: readonly string[], tookMs: number): string {
  const sum = (of: (result: Result) => number): number => results.reduce((total, one) => total + of(one), 0);
  const isProof = results.length > 0 && broken.length === 0 && results.every(isGood);
  const mark = isProof ? '✓' : '✗';
  const slowest = Math.max(0, ...results.map(({ recoveryMs = 0 }) => recoveryMs));
  const complaints = sum((one) => one.complaints.length);
  const more = complaints === 0 ? '' : `, ${complaints} more complaints`;
  const notPlayed = broken.length === 0 ? '' : `; not played: ${broken.join(', ')}`;
  return (
    `${mark} ${results.length} rounds, ${sum((one) => one.written)} messages: ` +
    `${sum((one) => one.lost)} lost, ${sum((one) => one.repeated)} repeated, ` +
    `${sum((one) => one.outOfOrder)} out of order, ${sum((one) => one.wrongTopic)} in the wrong topic${more}; ` +
    `slowest recovery ${(slowest / 1000).toFixed(1)} s${notPlayed} (${Math.round(tookMs / 1000)} s)`
  );
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index] ?? 10)))
    .join('');
}
