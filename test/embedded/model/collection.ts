import { Int32 } from 'mongodb';
import { checkFilter } from './check.js';
import { modelAggregate } from './group.js';
import { checkKeys, type ModelIndex } from './keys.js';
import { modelMatches } from './match.js';
import { modelSort } from './sort.js';
import { modelProject } from './project.js';
import { checkArrayFilters, modelUpdate, stepsOf } from './update.js';
import { modelUpsert } from './upsert.js';
import { copyOf, isFields, order, Refusal, textIn, textOf, type Fields, type Plain } from './value.js';

const idIndex: ModelIndex = { key: { _id: new Int32(1) }, name: '_id_', unique: true };

/** A collection as a plain array: what the commands of the subset do to it and answer, no thought of speed. */
export class ModelCollection {
  rows: Fields[] = [];
  #indexes: ModelIndex[] = [idIndex];

  /** @throws Refusal */
  run(command: Fields): Fields {
    const [name = ''] = Object.keys(command);
    const found = this.#commands[name];
    if (!found) throw new Error(`the model does not know ${name}`);
    return found(command);
  }

  readonly #commands: Readonly<Record<string, (command: Fields) => Fields>> = {
    find: ({ filter, sort, skip, limit, projection }) => {
      const found = page(modelSort(this.#matching(filter), fieldsOf(sort)), skip, limit);
      return {
        rows: isEmpty(projection) ? found : found.map((row) => modelProject(row, fieldsOf(projection))),
      };
    },
    count: ({ query, skip, limit }) => ({ n: new Int32(page(this.#matching(query), skip, limit).length) }),
    distinct: ({ key, query }) => ({
      values: this.#matching(query)
        .flatMap((row) => reached(row, textIn(key).split('.')))
        .reduce<Plain[]>(
          (all, one) => (all.some((other) => order(other, one) === 0) ? all : [...all, one]),
          [],
        ),
    }),
    aggregate: ({ pipeline }) => ({ rows: modelAggregate(this.rows, pipeline as Fields[]) }),
    insert: ({ documents, ordered }) =>
      statements(documents, ordered, (document, total) => {
        this.#insert(document);
        total.n++;
      }),
    update: ({ updates, ordered }) => ({
      nModified: new Int32(0),
      ...statements(updates, ordered, (statement, total, index) => this.#update(statement, total, index)),
    }),
    delete: ({ deletes, ordered }) =>
      statements(deletes, ordered, ({ q, limit }, total) => {
        const gone = this.#matching(q).slice(0, Number(limit) === 0 ? undefined : Number(limit));
        this.rows = this.rows.filter((row) => !gone.includes(row));
        total.n += gone.length;
      }),
    findAndModify: (command) => this.#findAndModify(command),
    createIndexes: ({ indexes }) => {
      const before = this.#indexes;
      this.#indexes = [...before, ...(indexes as unknown as ModelIndex[])];
      try {
        for (const row of this.rows) checkKeys(this.#indexes, this.rows, row, row);
      } catch (error) {
        this.#indexes = before;
        throw error;
      }
      return {};
    },
    dropIndexes: () => {
      this.#indexes = [idIndex];
      return {};
    },
  };

  #matching(filter: Plain | undefined): Fields[] {
    const asked = fieldsOf(filter);
    checkFilter(asked);
    return this.rows.filter((row) => modelMatches(asked, row));
  }

  #insert(document: Fields): void {
    checkKeys(this.#indexes, this.rows, document);
    this.rows.push(copyOf(document));
  }

  /** Returns whether it is another document now. */
  #replace(before: Fields, next: Fields): boolean {
    if (textOf(before) === textOf(next)) return false;
    checkKeys(this.#indexes, this.rows, next, before);
    this.rows[this.rows.indexOf(before)] = next;
    return true;
  }

  #update({ q, u, arrayFilters, multi, upsert }: Fields, total: Total, index: number): void {
    const [filter, update, filters] = [fieldsOf(q), fieldsOf(u), (arrayFilters ?? []) as Fields[]];
    checkFilter(filter);
    checkUpdate(update, filters);
    const targets = this.#matching(filter).slice(0, multi === true ? undefined : 1);
    for (const target of targets) {
      const next = modelUpdate(target, update, { arrayFilters: filters, inserting: false, filter });
      if (this.#replace(target, next)) total.nModified++;
      total.n++;
    }
    if (targets.length > 0 || upsert !== true) return;
    const made = modelUpsert(filter, update, filters);
    this.#insert(made);
    total.n++;
    total.upserted.push({ index: new Int32(index), _id: made['_id'] ?? null });
  }

  #findAndModify({ query, sort, update, remove, upsert, new: after, fields }: Fields): Fields {
    const filter = fieldsOf(query);
    const change = fieldsOf(update);
    if (remove !== true) checkUpdate(change, []);
    const [target] = modelSort(this.#matching(filter), fieldsOf(sort));
    const shown = (row: Fields | undefined): Plain =>
      row === undefined ? null : isEmpty(fields) ? row : modelProject(row, fieldsOf(fields));
    if (remove === true) {
      this.rows = this.rows.filter((row) => row !== target);
      return { value: shown(target), last: { n: new Int32(target ? 1 : 0) } };
    }
    if (target) {
      const next = modelUpdate(target, change, { arrayFilters: [], inserting: false, filter });
      this.#replace(target, next);
      return {
        value: shown(after === true ? next : target),
        last: { n: new Int32(1), updatedExisting: true },
      };
    }
    if (upsert !== true) return { value: null, last: { n: new Int32(0), updatedExisting: false } };
    const made = modelUpsert(filter, change, []);
    this.#insert(made);
    const last = { n: new Int32(1), updatedExisting: false, upserted: made['_id'] ?? null };
    return { value: after === true ? shown(made) : null, last };
  }
}

interface Total {
  n: number;
  nModified: number;
  readonly upserted: Fields[];
}

/** The statements of a bulk: an ordered one stops at the first error. */
function statements(
  list: Plain | undefined,
  ordered: Plain | undefined,
  run: (statement: Fields, total: Total, index: number) => void,
): Fields {
  const total: Total = { n: 0, nModified: 0, upserted: [] };
  const writeErrors: Fields[] = [];
  for (const [index, statement] of (list as Fields[]).entries()) {
    try {
      run(statement, total, index);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      writeErrors.push({ index: new Int32(index), code: new Int32(error.code), ...error.details });
      if (ordered !== false) break;
    }
  }
  return {
    n: new Int32(total.n),
    ...(total.nModified > 0 ? { nModified: new Int32(total.nModified) } : {}),
    ...(total.upserted.length > 0 ? { upserted: total.upserted } : {}),
    ...(writeErrors.length > 0 ? { writeErrors } : {}),
  };
}

function checkUpdate(update: Fields, arrayFilters: readonly Fields[]): void {
  if (Object.keys(update)[0]?.startsWith('$') === true) checkArrayFilters(stepsOf(update), arrayFilters);
}

function fieldsOf(value: Plain | undefined): Fields {
  return isFields(value) ? value : {};
}

function isEmpty(value: Plain | undefined): boolean {
  return Object.keys(fieldsOf(value)).length === 0;
}

function page<T>(rows: T[], skip: Plain | undefined, limit: Plain | undefined): T[] {
  const from = Number(skip ?? 0);
  const most = Number(limit ?? 0);
  return rows.slice(from, most === 0 ? undefined : from + most);
}

/** What `distinct` sees: an array at the end is opened once. */
function reached(value: Plain | undefined, path: string[]): Plain[] {
  const [head, ...rest] = path;
  if (value === undefined) return [];
  if (head === undefined) return Array.isArray(value) ? value : [value];
  if (isFields(value)) return reached(value[head], rest);
  if (!Array.isArray(value)) return [];
  const byPlace = /^\d+$/.test(head) ? reached(value[Number(head)], rest) : [];
  return [...byPlace, ...value.flatMap((element) => (isFields(element) ? reached(element, path) : []))];
}
