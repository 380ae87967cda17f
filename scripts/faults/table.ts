/** The table that people read: a row per fault, the worst of its rounds. */

import type { Result } from './round.js';

const columns = ['fault', 'written', 'lost', 'repeated', 'out of order', 'wrong topic', 'recovery'] as const;
const widths = [28, 8, 6, 9, 13, 12, 10] as const;

export function headLine(): string {
  return line(columns);
}

export function rowLine(result: Result): string {
  const { fault, written, lost, repeated, outOfOrder, wrongTopic, recoveryMs } = result;
  const recovery = recoveryMs === undefined ? 'never' : `${(recoveryMs / 1000).toFixed(1)} s`;
  return line([fault, ...[written, lost, repeated, outOfOrder, wrongTopic].map(String), recovery]);
}

export function isGood({ lost, repeated, outOfOrder, wrongTopic }: Result): boolean {
  return lost + repeated + outOfOrder + wrongTopic === 0;
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index] ?? 10)))
    .join('');
}
