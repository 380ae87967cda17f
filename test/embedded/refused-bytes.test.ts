import { expect } from 'chai';
import { deserialize, serialize, type Document } from 'bson';
import { once } from 'node:events';
import { connect } from 'node:net';
import { refusal } from '../../src/embedded/commands/dispatch.js';
import { CommandError } from '../../src/embedded/errors.js';
import type { Paced } from '../../src/embedded/query/scan.js';
import { sortItems, type Item } from '../../src/embedded/query/stream.js';
import { Place } from './place.js';

const opMsg = 2013;

/** A message: header, and for OP_MSG its flags. */
function message(operation: number, body: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(operation, 12);
  return Buffer.concat([header, body]);
}

describe('O1 what is no command of the subset', () => {
  let place: Place;
  beforeEach(async () => (place = await Place.make()));
  afterEach(() => place.close());

  /** The answer to bytes on a connection of their own. */
  async function answerTo(bytes: Buffer): Promise<Document> {
    const { port } = await (await place.open()).listen('127.0.0.1', 0);
    const socket = connect(port, '127.0.0.1');
    try {
      socket.write(bytes);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.readInt32LE(8), 'which message is answered').to.equal(7);
      return deserialize(answer.subarray(21));
    } finally {
      socket.destroy();
    }
  }

  it('O1 bytes that are no BSON are answered with 22', async () => {
    const broken = Buffer.concat([Buffer.from([0]), serialize({ ping: 1, $db: 'a' })]);
    broken[5] = 0x7e;
    expect(await answerTo(message(opMsg, broken))).to.include({ ok: 0, code: 22, codeName: 'InvalidBSON' });
  });

  it('O1 a section of unknown kind is answered with 40432', async () => {
    const body = Buffer.concat([Buffer.from([9]), serialize({ ping: 1, $db: 'a' })]);
    expect(await answerTo(message(opMsg, body))).to.include({ code: 40432, codeName: 'Location40432' });
  });

  it('O1 an operation of old is answered with 352', async () => {
    expect(await answerTo(message(2002, Buffer.from(serialize({ a: 1 }))))).to.include({ ok: 0, code: 352 });
  });

  it('O1 a document nested deeper than 100 is answered with 15', async () => {
    let document: Document = {};
    for (let depth = 0; depth < 150; depth++) document = { document };
    const body = Buffer.concat([
      Buffer.from([0]),
      serialize({ insert: 'rows', documents: [document], $db: 'a' }),
    ]);
    expect(await answerTo(message(opMsg, body))).to.include({ ok: 0, code: 15 });
  });

  it('O1 a sort in memory ends at 100 MB with 292', () => {
    const bytes = Buffer.alloc(16 * 1024 * 1024);
    function* items(count: number): Paced<Item> {
      for (let i = 0; i < count; i++) yield { doc: new Map([['n', i]]), bytes };
    }
    const sorted = (count: number) => [
      ...sortItems(items(count), [{ name: 'n', path: ['n'], direction: -1 }]),
    ];
    expect(sorted(6)).to.have.length(6);
    expect(() => sorted(7))
      .to.throw(CommandError)
      .with.property('code', 292);
  });

  it('V1 what nobody expected is answered with 1, and its text, which may hold contents, is not told', () => {
    const answer = refusal(new RangeError('the name of a client'));
    expect([...answer.values()]).to.include.members([
      0,
      'InternalError',
      'Unexpected RangeError in the store',
    ]);
    expect(answer.get('code')).to.include({ value: 1 });
  });
});
