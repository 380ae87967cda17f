/** One counter with what waits for it: the same box serves common pts, qts, seq and every channel. Pure and immutable. */
import { positionOf, type Position } from './gap.js';

/** Items under one number; `items` may be empty where only the number counts (results of our own calls). */
export interface Slot<T> {
  readonly end: number;
  readonly count: number;
  readonly items: readonly T[];
}

export interface SequenceBox<T> {
  readonly at: number;
  /** Ascending by start, then end; equal ones in order of arrival. */
  readonly waiting: readonly Slot<T>[];
}

export interface Moved<T> {
  readonly box: SequenceBox<T>;
  /** To be applied, in order. */
  readonly released: readonly T[];
}

export function emptyBox<T>(at: number): SequenceBox<T> {
  return { at, waiting: [] };
}

/** Takes a slot in: applies it and what it frees, ignores it, or lets it wait. */
export function offer<T>(box: SequenceBox<T>, slot: Slot<T>): Moved<T> & { readonly position: Position } {
  const position = positionOf(box.at, slot.end, slot.count);
  if (position === 'ahead') return { box: postpone(box, slot), released: [], position };
  if (position === 'twin') return { box, released: slot.items, position };
  if (position !== 'next') return { box, released: [], position };
  const moved = drain({ at: slot.end, waiting: box.waiting });
  return { ...moved, released: [...slot.items, ...moved.released], position };
}

/** Lets a slot wait without looking at its number: a difference is under way. */
export function postpone<T>(box: SequenceBox<T>, slot: Slot<T>): SequenceBox<T> {
  const start = slot.end - slot.count;
  let index = box.waiting.length;
  while (index > 0) {
    const before = box.waiting[index - 1];
    if (before === undefined) break;
    const difference = before.end - before.count - start;
    if (difference < 0 || (difference === 0 && before.end <= slot.end)) break;
    index -= 1;
  }
  return { at: box.at, waiting: box.waiting.toSpliced(index, 0, slot) };
}

/** Moves the counter to where an authoritative answer has put it; what that covers vanishes, what now fits is released. */
export function settle<T>(box: SequenceBox<T>, at: number): Moved<T> {
  return drain({ at, waiting: box.waiting });
}

/** Releases everything in order, over all gaps: nobody can fill them any more. */
export function releaseAll<T>(box: SequenceBox<T>): Moved<T> {
  const at = box.waiting.reduce((highest, slot) => Math.max(highest, slot.end), box.at);
  return { box: emptyBox(at), released: box.waiting.flatMap((slot) => slot.items) };
}

function drain<T>(box: SequenceBox<T>): Moved<T> {
  let at = box.at;
  let waiting = box.waiting;
  const released: T[] = [];
  for (let before = -1; before !== waiting.length;) {
    before = waiting.length;
    waiting = waiting.filter((slot) => {
      const position = positionOf(at, slot.end, slot.count);
      if (position === 'ahead') return true;
      if (position === 'next') at = slot.end;
      if (position === 'next' || position === 'twin') released.push(...slot.items);
      return false;
    });
  }
  return { box: { at, waiting }, released };
}
