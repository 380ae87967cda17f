import { columns, headings } from './columns.js';
import { advantage, type Figure } from './figures.js';

/** Columns of equal width, numbers to the right. The last one is how many times better the embedded gateway is than stock. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    figure.unit,
    ...columns.map((column) => numberText(figure[column])),
    ratioText(advantage(figure)),
  ]);
  return aligned([['', 'unit', ...columns.map((column) => headings[column]), 'embedded is better'], ...rows]);
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function numberText(value: number | string | undefined): string {
  if (typeof value === 'string') return value;
  if (value === undefined || !Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

export function ratioText(ratio: number | undefined): string {
  return ratio === undefined || !Number.isFinite(ratio) ? '–' : `× ${ratio.toFixed(2)}`;
}
