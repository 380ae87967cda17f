import { expect } from 'chai';
import { subset } from '../../src/embedded/subset.js';
import { Place } from './place.js';

describe('O1 the subset as data', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  it('O1 §4.5 every command refuses a field that its table does not list', async () => {
    const db = (await place.connect((await place.open()).url)).db('admin');
    for (const { name, manual } of subset.commands) {
      expect(manual).to.match(/^https:\/\/www\.mongodb\.com\/docs\/manual\/reference\/command\/\w+\/$/);
      if (name === 'hello') continue;
      const refusal: unknown = await db
        .command({ [name]: 'rows', xyzzy: 1 })
        .catch((error: unknown) => error);
      expect(refusal, name).to.include({ code: 9 });
    }
  });

  it('O1 every operator, stage and accumulator of the table is known to the store', async () => {
    const db = (await place.connect((await place.open()).url)).db('a');
    const codes = async (command: object): Promise<number> =>
      db.command(command).then(
        (answer) => (answer['writeErrors'] as { code: number }[] | undefined)?.[0]?.code ?? 0,
        (error: unknown) => (error as { code: number }).code,
      );
    for (const operator of subset.updateOperators)
      expect(
        await codes({ update: 'rows', updates: [{ q: {}, u: { [operator]: { a: 'b' } } }] }),
        operator,
      ).to.be.oneOf([0, 14]);
    for (const stage of subset.stages)
      expect(
        await codes({ aggregate: 'rows', pipeline: [{ [stage]: 'x' }], cursor: {} }),
        stage,
      ).to.not.equal(9);
    for (const name of subset.accumulators) {
      const pipeline = [{ $group: { _id: null, x: { [name]: '$a' } } }];
      expect(await codes({ aggregate: 'rows', pipeline, cursor: {} }), name).to.equal(0);
    }
  });
});
