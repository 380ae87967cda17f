import { CommandError } from '../errors.js';
import { isIndex, type Path } from '../query/paths.js';

/** @throws CommandError 40 if one path is another or lies inside it */
export function checkConflicts(paths: readonly Path[]): void {
  const sorted = paths.toSorted(comparePaths);
  for (let i = 1; i < sorted.length; i++) {
    const [before, path] = [sorted[i - 1] ?? [], sorted[i] ?? []];
    if (holds(before, path))
      throw new CommandError(
        40,
        `Updating the path '${path.join('.')}' would create a conflict at '${before.join('.')}'`,
      );
  }
}

/** Whether a path is the same or lies inside. */
export function holds(outer: Path, path: Path): boolean {
  return outer.length <= path.length && outer.every((segment, depth) => segment === path[depth]);
}

/** The order in which MongoDB applies modifications (and so adds new fields): by name, array indexes by number. */
export function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [left, right] = [a[i] ?? '', b[i] ?? ''];
    if (left === right) continue;
    if (isIndex(left) && isIndex(right)) return Number(left) - Number(right);
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
