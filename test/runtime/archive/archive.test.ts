import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../../src/domain/errors.js';
import { sealedBytes, plainBytes } from '../../../src/runtime/archive/chunks.js';
import { readArchive } from '../../../src/runtime/archive/read.js';
import { writeArchive } from '../../../src/runtime/archive/write.js';
import type { NamedKey } from '../../../src/runtime/keyring.js';
import { scratchDirectory } from '../../support/scratch.js';
import { until } from '../../walks/until.js';

const key = (kid: string): NamedKey => ({ kid, bytes: randomBytes(32) });

/** In pieces of odd lengths, as a dump comes. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 10_007) yield bytes.subarray(from, from + 10_007);
}

describe('A sealed archive', () => {
  const k1 = key('k1');
  /** Three full chunks and a bit. */
  const contents = randomBytes(3 * plainBytes + 1000);
  let directory: string;
  let file: string;
  let headerBytes: number;
  beforeEach(async () => {
    directory = scratchDirectory();
    file = join(directory, 'archive');
    const size = await writeArchive({ file, keys: [k1], force: false }, pieces(contents));
    headerBytes = size - contents.length - 4 * 16;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function read(keys: readonly NamedKey[] = [k1]): Promise<Buffer> {
    const all: Buffer[] = [];
    for await (const piece of readArchive(file, keys)) all.push(piece);
    return Buffer.concat(all);
  }

  const outcome = (keys?: readonly NamedKey[]) =>
    read(keys).then(
      (bytes) => (bytes.equals(contents) ? 'whole' : 'other contents'),
      (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
    );

  /** Reads the archive with these bytes in its place. */
  const outcomeOf = (bytes: Buffer) => {
    writeFileSync(file, bytes);
    return outcome();
  };

  const chunkAt = (number: number) => headerBytes + number * sealedBytes;

  it('O4 opens with the key that sealed it, byte for byte, and nothing in it is readable', async () => {
    expect(await outcome()).to.equal('whole');
    const sealed = readFileSync(file);
    for (let from = 0; from + 64 < contents.length; from += plainBytes / 4)
      expect(sealed.includes(contents.subarray(from, from + 64))).to.equal(false);
    expect(sealed.includes(Buffer.from(k1.bytes))).to.equal(false);
  });

  it('O4 holds any length: nothing, a byte, and around the edges of a chunk', async () => {
    for (const length of [0, 1, plainBytes - 1, plainBytes, plainBytes + 1, 2 * plainBytes]) {
      const bytes = contents.subarray(0, length);
      await writeArchive({ file, keys: [k1], force: true }, pieces(bytes));
      expect((await read()).equals(bytes), `${length} bytes`).to.equal(true);
    }
  });

  it('V1 sealed with k1 it opens while k1 is in the ring, wherever it stands there, and not without', async () => {
    const k2 = key('k2');
    expect(await outcome([k2, k1])).to.equal('whole');
    expect(await outcome([k2])).to.equal('ARCHIVE_KEY');
    expect(await read([k2]).catch((error: unknown) => (error as Error).message)).to.match(
      /^The archive opens only with the key k1 that sealed it; give it in SECRET_KEYS /,
    );
  });

  it('V1 another key under the right name is ARCHIVE_KEY, not a damaged archive', async () => {
    expect(await outcome([key('k1')])).to.equal('ARCHIVE_KEY');
  });

  it('V1 two archives of the same contents under the same key have nothing in common', async () => {
    const other = join(directory, 'other');
    await writeArchive({ file: other, keys: [k1], force: false }, pieces(contents));
    const [a, b] = [readFileSync(file), readFileSync(other)];
    expect(
      a.subarray(headerBytes, headerBytes + 64).equals(b.subarray(headerBytes, headerBytes + 64)),
    ).to.equal(false);
  });

  it('O4 cut off anywhere it is refused: at and beside every chunk, in the header, to nothing', async () => {
    const whole = readFileSync(file);
    const edges = [0, 1, 2, 3].flatMap((number) => [
      chunkAt(number) - 1,
      chunkAt(number),
      chunkAt(number) + 1,
    ]);
    for (const length of [0, 5, 40, headerBytes - 1, ...edges, whole.length - 1]) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      expect(await outcome(), `${length} of ${whole.length} bytes`).to.equal('ARCHIVE_DAMAGED');
    }
  });

  it('O4 cut off behind a chunk, the sentence says that its end is missing', async () => {
    truncateSync(file, chunkAt(2));
    const sentence = await read().catch((error: unknown) => (error as Error).message);
    expect(sentence).to.equal('The archive is damaged (its end is missing); take another copy of it.');
  });

  it('V1 one altered bit anywhere is refused: in every part of the header, in each chunk, in each tag', async () => {
    const whole = readFileSync(file);
    const inHeader = Array.from({ length: headerBytes }, (_, index) => index);
    const inChunks = [0, 1, 2, 3].flatMap((number) => [
      chunkAt(number),
      chunkAt(number) + 500,
      Math.min(chunkAt(number + 1), whole.length) - 1,
    ]);
    for (const place of [...inHeader, ...inChunks]) {
      const altered = Buffer.from(whole);
      altered[place]! ^= 1;
      const found = await outcomeOf(altered);
      expect(found, `byte ${place}`).to.be.oneOf(['ARCHIVE_DAMAGED', 'VERSION_TOO_OLD']);
      // Only the number of the form, in its first line, tells of another version.
      if (found === 'VERSION_TOO_OLD') expect(place).to.be.within(18, 19);
    }
  });

  it('V1 chunks that change places, are doubled, left out or added are refused', async () => {
    const whole = readFileSync(file);
    const header = whole.subarray(0, headerBytes);
    const [a, b, c] = [0, 1, 2].map((number) => whole.subarray(chunkAt(number), chunkAt(number + 1)));
    const last = whole.subarray(chunkAt(3));
    const made: Readonly<Record<string, readonly (Buffer | undefined)[]>> = {
      swapped: [header, b, a, c, last],
      doubled: [header, a, a, b, c, last],
      'left out': [header, a, c, last],
      'first left out': [header, b, c, last],
      'more behind the last': [header, a, b, c, last, a],
      'the last twice': [header, a, b, c, last, last],
      'a byte more': [header, a, b, c, last, Buffer.from([0])],
    };
    expect(await outcomeOf(Buffer.concat([header, a!, b!, c!, last]))).to.equal('whole');
    for (const [what, parts] of Object.entries(made))
      expect(await outcomeOf(Buffer.concat(parts.filter((part) => part !== undefined))), what).to.equal(
        'ARCHIVE_DAMAGED',
      );
  });

  it('V1 a chunk of another archive under the same key is refused', async () => {
    const other = join(directory, 'other');
    await writeArchive({ file: other, keys: [k1], force: false }, pieces(contents));
    const foreign = readFileSync(other).subarray(chunkAt(1), chunkAt(2));
    const whole = readFileSync(file);
    foreign.copy(whole, chunkAt(1));
    expect(await outcomeOf(whole)).to.equal('ARCHIVE_DAMAGED');
  });

  it('O3 a file that is no archive, or none at all, has a sentence of its own', async () => {
    expect(await outcomeOf(Buffer.from('{"not":"ours"}'.repeat(20)))).to.equal('ARCHIVE_DAMAGED');
    rmSync(file);
    expect(await outcome()).to.equal('USAGE');
  });

  it('O4 it is for its owner only, replaces nothing unasked, and leaves nothing behind when its contents fail', async () => {
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const before = readFileSync(file);
    const again = (force: boolean, source: AsyncIterable<Uint8Array>) =>
      writeArchive({ file, keys: [k1], force }, source).then(
        () => 'written',
        (error: unknown) => (error instanceof GatewayError ? error.code : 'failed'),
      );
    expect(await again(false, pieces(contents))).to.equal('USAGE');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield contents;
      throw new Error('the database is gone');
    }
    expect(await again(true, failing())).to.equal('failed');
    expect(readFileSync(file).equals(before)).to.equal(true);
    expect(readdirSync(directory)).to.deep.equal(['archive']);
    expect(await again(true, pieces(contents))).to.equal('written');
    expect(await outcome()).to.equal('whole');
  });

  it('O4 two that are written to the same name at once are both whole: one has the name, the other is refused or has replaced it', async () => {
    const other = key('k2');
    for (const force of [false, true]) {
      const target = join(directory, `both-${String(force)}`);
      const waits: (() => void)[] = [];
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield contents.subarray(0, plainBytes + 1);
        await new Promise<void>((resolve) => waits.push(resolve));
        yield contents.subarray(plainBytes + 1);
      }
      const end = (by: NamedKey) =>
        writeArchive({ file: target, keys: [by], force }, slow()).then(
          () => 'written',
          (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
        );
      const [first, second] = [end(k1), end(other)];
      await until(() => waits.length === 2, 'both at work');
      for (const go of waits) go();
      const ends = await Promise.all([first, second]);
      expect(ends.toSorted()).to.deep.equal(force ? ['written', 'written'] : ['USAGE', 'written']);
      file = target;
      expect(await outcome([k1, other])).to.equal('whole');
    }
  });

  it('O4 what a backup that was killed has left goes with a later one, an hour on; what is being written stays', async () => {
    const [dead, living, foreign] = [
      'archive.0123abcd.partial',
      'archive.89abcdef.partial',
      'archive.partial',
    ];
    for (const name of [dead, living, foreign]) writeFileSync(join(directory, name), 'half');
    const hours = (count: number) => Date.now() / 1000 - count * 3600;
    for (const name of [dead, foreign]) utimesSync(join(directory, name), hours(1.1), hours(1.1));
    utimesSync(join(directory, living), hours(0.9), hours(0.9));
    await writeArchive({ file, keys: [k1], force: true }, pieces(contents));
    expect(readdirSync(directory).toSorted()).to.deep.equal(['archive', living, foreign].toSorted());
  });
});
