import { expect } from 'chai';
import { BSON, MongoServerError, type Document } from 'mongodb';
import { aggregateCases } from './cases/aggregates.js';
import { missing } from './cases/case.js';
import { codeCases } from './cases/codes.js';
import { filterCases } from './cases/filters.js';
import { updateCases } from './cases/updates.js';
import { upsertCases } from './cases/upserts.js';
import { onEachStore, type Bench } from './target.js';

const raw = { promoteValues: false, promoteLongs: false } as const;

/** What tells types apart; whole numbers of the cases stand for 32-bit integers, as the driver writes them. */
function textOf(value: unknown): string {
  return BSON.EJSON.stringify(BSON.deserialize(BSON.serialize({ value }), raw), { relaxed: false });
}

/** The code of a command, also of its first write error; 0 for none. */
async function codeOf({ db }: Bench, command: Document): Promise<number> {
  try {
    const answer = await db.command(command);
    return (answer['writeErrors'] as { code: number }[] | undefined)?.[0]?.code ?? 0;
  } catch (error) {
    if (error instanceof MongoServerError) return Number(error.code);
    throw error;
  }
}

/** The paths of the fields in a filter: each gets an index, but for places in arrays, on which the embedded store makes none. */
function pathsOf(filter: Document): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (name.startsWith('$')) return (value as Document[]).flatMap(pathsOf);
    return /\.\d/.test(name) ? [] : [name];
  });
}

onEachStore('O1 filters by the manual', (bench) => {
  for (const { rows, rule, values, filter, found } of filterCases) {
    it(`O1 ${rows.join(', ')}: ${rule}`, async () => {
      const collection = bench().rows;
      await collection.insertMany(values.map((v, _id) => (v === missing ? { _id } : { _id, v })));
      const ids = async (): Promise<unknown[]> =>
        (await collection.find(filter).sort({ _id: 1 }).toArray()).map((row) => row._id);
      expect(await ids(), 'no index').to.deep.equal(found);
      expect(await collection.countDocuments(filter), 'count').to.equal(found.length);
      for (const path of new Set(pathsOf(filter))) {
        for (const options of [
          { direction: 1 },
          { direction: -1 },
          { direction: 1, sparse: true },
        ] as const) {
          const { direction, ...more } = options;
          const name = await collection.createIndex({ [path]: direction }, more, {});
          expect(await ids(), `${name} ${JSON.stringify(more)}`).to.deep.equal(found);
          expect(await collection.countDocuments(filter), `${name} count`).to.equal(found.length);
          await collection.dropIndex(name);
        }
      }
    });
  }
});

onEachStore('O1 updates by the manual', (bench) => {
  for (const { rows, rule, before, update, filter, arrayFilters, after } of updateCases) {
    it(`O1 ${rows.join(', ')}: ${rule}`, async () => {
      const collection = bench().rows;
      await collection.insertOne({ _id: 1, ...before });
      const statement = { q: { _id: 1, ...filter }, u: update, ...(arrayFilters ? { arrayFilters } : {}) };
      const code = await codeOf(bench(), { update: 'rows', updates: [statement] });
      expect(code).to.equal(typeof after === 'number' ? after : 0);
      const wanted = { _id: 1, ...(typeof after === 'number' ? before : after) };
      expect(textOf(await collection.findOne({}, raw))).to.equal(textOf(wanted));
    });
  }

  for (const { rows, rule, filter, update, made } of upsertCases) {
    it(`O1 ${rows.join(', ')}: ${rule}`, async () => {
      const statement = { q: filter, u: update, upsert: true };
      const code = await codeOf(bench(), { update: 'rows', updates: [statement] });
      expect(code).to.equal(typeof made === 'number' ? made : 0);
      // The order of the filter's fields in the new document is nobody's promise.
      expect(await bench().rows.findOne()).to.deep.equal(typeof made === 'number' ? null : made);
    });
  }
});

onEachStore('O1 pipelines by the manual', (bench) => {
  for (const { rows, rule, documents, pipeline, out } of aggregateCases) {
    it(`O1 ${rows.join(', ')}: ${rule}`, async () => {
      if (documents.length > 0) await bench().rows.insertMany(documents);
      if (typeof out === 'number') {
        const code = await codeOf(bench(), { aggregate: 'rows', pipeline, cursor: {} });
        expect(code).to.equal(out);
      } else {
        const found = await bench().rows.aggregate(pipeline, raw).toArray();
        expect(textOf(found)).to.equal(textOf(out));
      }
    });
  }
});

onEachStore('O1 codes', (bench) => {
  for (const { code, rule, commands, also = [] } of codeCases) {
    it(`O1 ${code}: ${rule}`, async () => {
      for (const command of commands.slice(0, -1)) expect(await codeOf(bench(), command)).to.equal(0);
      const last = await codeOf(bench(), commands.at(-1) ?? {});
      expect(last).to.be.oneOf(bench().isEmbedded ? [code] : [code, ...also]);
    });
  }
});
