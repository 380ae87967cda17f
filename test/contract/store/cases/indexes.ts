/** The cases of indexes and of what is no single command: where each row of the table has its tests. */
export const indexRows: readonly {
  readonly rows: readonly string[];
  readonly file: string;
  readonly title: string;
}[] = [
  {
    rows: ['single', 'compound'],
    file: 'indexes.test.ts',
    title: 'finds by an index, sorts by it both ways',
  },
  {
    rows: ['multikey'],
    file: 'indexes.test.ts',
    title: 'mistake 1: a multikey index yields a document once',
  },
  { rows: ['multikey'], file: 'multikey.test.ts', title: 'the fields of one array element stay together' },
  { rows: ['unique'], file: 'duplicates.test.ts', title: 'on every write path' },
  {
    rows: ['sparse', 'partial (equality, $exists: true)'],
    file: 'indexes.test.ts',
    title: 'sparse and partial indexes hold only their documents',
  },
  { rows: ['TTL'], file: '../../embedded/sweep.test.ts', title: 'a TTL index removes what is past its time' },
  { rows: ['$currentDate'], file: 'update.test.ts', title: '$min, $max and $currentDate' },
  {
    rows: ['ordered and unordered bulks'],
    file: 'bulk.test.ts',
    title: 'an ordered bulk stops at the bad statement',
  },
  { rows: ['cursors'], file: 'cursors.test.ts', title: 'reads more than one batch, in order' },
  { rows: ['retryable writes'], file: 'retry.test.ts', title: 'apply once and answer the same' },
];
