/** Rows are the domain's own shapes under `_id`; these two turn one into the other. */

export type Row<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly _id: T['id'] };

export function toRow<T extends { readonly id: string }>(value: T): Row<T> {
  const { id, ...rest } = value;
  return { _id: id, ...rest };
}

export function fromRow<T extends { readonly id: string }>(row: Row<T>): T {
  const { _id, ...rest } = row;
  // Omit<T, 'id'> & { id } is T, which TypeScript cannot see through the generic.
  return { id: _id, ...rest } as unknown as T;
}

/** MongoDB's answer to a second row under a unique key. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
}
