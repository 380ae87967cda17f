import { expect } from 'chai';
import fc from 'fast-check';
import { Backoff } from '../../../src/telegram/link/backoff.js';
import { DcDirectory } from '../../../src/telegram/link/dc-directory.js';
import { fromLong, longBytes, toLong } from '../../../src/telegram/tl/long.js';
import { MessageIds } from '../../../src/telegram/link/message-ids.js';
import { ReceivedIds } from '../../../src/telegram/link/received-ids.js';
import { readTl } from '../../../src/telegram/tl/codec.js';
import type { tl } from '@mtcute/tl';
import { VirtualClock } from '../../support/virtual-clock.js';
import { answer, config } from './wire-bodies.js';

describe('parts of the link', () => {
  it('M1 the window of received ids never lets an id pass twice, in whatever order they come', () => {
    const ids = fc.array(fc.bigInt(1n, 60n), { maxLength: 200 });
    fc.assert(
      fc.property(ids, (sequence) => {
        const window = new ReceivedIds(16);
        const passed = sequence.filter((id) => window.add(id));
        expect(new Set(passed).size).to.equal(passed.length);
        for (const id of sequence) expect(window.has(id)).to.equal(true);
      }),
    );
  });

  it('message ids grow, are divisible by four, and follow the server', () => {
    const clock = new VirtualClock();
    const ids = new MessageIds(clock);
    const made = Array.from({ length: 100 }, () => ids.next());
    expect(made.every((id, i) => id % 4n === 0n && id > (made[i - 1] ?? 0n))).to.equal(true);
    const server = BigInt(clock.now() / 1000 - 1000) << 32n;
    ids.follow(server | 1n);
    expect(ids.offsetSeconds).to.equal(-1000);
    expect(ids.next() >> 32n).to.equal(server >> 32n);
  });

  it('64-bit numbers pass through TL without loss', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 64n) - 1n), (value) => {
        expect(fromLong(toLong(value))).to.equal(value);
        expect(longBytes(toLong(value)).readBigUInt64LE()).to.equal(value);
      }),
    );
  });

  it('C5 the wait for the next connection is none after a good one, then doubles up to 30 s', async () => {
    const clock = new VirtualClock();
    const backoff = new Backoff(clock);
    const waits = Array.from({ length: 12 }, () => backoff.nextMs());
    waits.forEach((wait, n) => {
      const longest = Math.min(30_000, 100 * 2 ** n);
      expect(wait).to.be.within(longest * 0.8, longest);
    });
    backoff.succeeded();
    expect(backoff.nextMs(), 'one that broke at once').to.be.greaterThan(20_000);
    backoff.succeeded();
    await clock.advance(1_500);
    expect(backoff.nextMs()).to.equal(0);
    expect(backoff.nextMs()).to.be.within(80, 100);
  });

  it('C2 a custom address serves any DC until the configuration names them', () => {
    const custom = { kind: 'custom', host: 'telegram.local', port: 1000, publicKeyPem: '' } as const;
    const directory = new DcDirectory(custom);
    expect(directory.blind).to.equal(true);
    expect(directory.addressOf(4, 'main')).to.deep.equal({ host: 'telegram.local', port: 1000 });
    const named = config(1, [
      { id: 1, port: 1001 },
      { id: 4, port: 1004 },
    ]);
    const learnt = readTl(answer('help.getConfig', named)) as tl.RawConfig;
    directory.learn({
      ...learnt,
      dcOptions: [
        ...learnt.dcOptions,
        { _: 'dcOption', id: 4, ipAddress: '127.0.0.4', port: 2004, mediaOnly: true },
        { _: 'dcOption', id: 5, ipAddress: '::1', port: 1005, ipv6: true },
      ],
    });
    expect(directory.blind).to.equal(false);
    expect(directory.addressOf(4, 'main')).to.deep.equal({ host: '127.0.0.1', port: 1004 });
    expect(directory.addressOf(4, 'files')).to.deep.equal({ host: '127.0.0.4', port: 2004 });
    expect(directory.addressOf(1, 'files')).to.deep.equal({ host: '127.0.0.1', port: 1001 });
    expect(() => directory.addressOf(5, 'main'))
      .to.throw()
      .with.property('code', 'TELEGRAM_UNREACHABLE');
    expect(new DcDirectory({ kind: 'production' }).addressOf(2, 'main').port).to.equal(443);
  });
});
