import { expect } from 'chai';
import type { tl } from '@mtcute/tl';

import { peerOf } from '../../../src/domain/ids.js';
import type { FileLocation } from '../../../src/telegram/media/file-token.js';
import { createTransfers, type Progress, type Transfers } from '../../../src/telegram/media/transfer.js';
import { createPeerDirectory } from '../../../src/telegram/peers/peer-directory.js';
import { settle, VirtualClock } from '../../support/virtual-clock.js';
import { document, message } from '../normalise/wire.js';
import { codeOf, failureOf } from '../outgoing/code-of.js';
import { PeersInMemory, refusal, sessionsOf, type FakeSession } from '../outgoing/fake-session.js';
import { content, locationOf, partBytes, PartStore, reader, readerOf, writer } from './file-servers.js';

const MiB = 1024 * 1024;
const source = { peer: peerOf('user', 7000000005), msgId: 41 };

interface Setting {
  readonly transfers: Transfers;
  readonly clock: VirtualClock;
  readonly progress: Progress[];
  readonly carry: (file: FileLocation) => Promise<tl.TypeInputFile>;
}

function setting(from: FakeSession, store: PartStore, parallel?: number): Setting {
  const sessionOf = sessionsOf(from, store.session);
  const clock = new VirtualClock();
  const progress: Progress[] = [];
  const transfers = createTransfers({
    sessionOf,
    peers: createPeerDirectory({ peers: new PeersInMemory(), sessionOf }),
    clock,
    onProgress: (step) => progress.push(step),
    ...(parallel === undefined ? {} : { parallel }),
  });
  const carry = (file: FileLocation): Promise<tl.TypeInputFile> =>
    transfers.carry({ from: reader, to: writer, file, name: 'a.bin', source });
  return { transfers, clock, progress, carry };
}

describe('media: transfer between two accounts', () => {
  const sizes: [string, number, string][] = [
    ['one byte', 1, 'inputFile'],
    ['exactly one part', partBytes, 'inputFile'],
    ['exactly 10 MiB', 10 * MiB, 'inputFile'],
    ['a byte more than 10 MiB', 10 * MiB + 1, 'inputFileBig'],
  ];
  for (const [title, bytes, handle] of sizes) {
    it(`M2 ${title} arrives byte for byte as ${handle}`, async () => {
      const file = content(bytes);
      const store = new PartStore();
      const { carry, progress } = setting(readerOf(file), store);
      const uploaded = await carry(locationOf(bytes));
      expect(uploaded._).to.equal(handle);
      expect(uploaded).to.include({ name: 'a.bin', parts: Math.ceil(bytes / partBytes) });
      expect(store.file(uploaded).equals(file)).to.equal(true);
      expect(progress.at(-1)).to.deep.equal({
        from: reader,
        to: writer,
        movedBytes: bytes,
        totalBytes: bytes,
      });
    });
  }

  it('M2 several parts are on their way, at most 3 uploads, and at most 8 MiB are held', async () => {
    const file = content(24 * MiB);
    let held = 0;
    let mostHeld = 0;
    const from = readerOf(file, async () => {
      held += 1;
      mostHeld = Math.max(mostHeld, held);
      await new Promise((resolve) => setImmediate(resolve));
    });
    const store = new PartStore(() => void (held -= 1));
    await setting(from, store).carry(locationOf(file.length));
    expect(mostHeld).to.be.within(2, (8 * MiB) / partBytes);
    expect(store.mostInFlight).to.be.within(2, 3);
    expect(store.total).to.equal(48);
    expect(held).to.equal(0);
  });

  it('M2 a reference that expires half-way is renewed once from the message, and no part is read twice', async () => {
    const file = content(4 * MiB);
    const offsets: number[] = [];
    const from = readerOf(
      file,
      ({ location, offset }) => {
        const reference = location._ === 'inputDocumentFileLocation' ? location.fileReference[0] : undefined;
        if (offset >= 2 * MiB && reference === 1) throw refusal('FILE_REFERENCE_EXPIRED');
        offsets.push(offset);
      },
      {
        'messages.getMessages': () => ({
          _: 'messages.messages',
          messages: [
            message({
              media: {
                _: 'messageMediaDocument',
                document: document([], { fileReference: Uint8Array.of(2) }),
              },
            }),
          ],
          topics: [],
          chats: [],
          users: [],
        }),
      },
    );
    const store = new PartStore();
    const uploaded = await setting(from, store).carry(locationOf(file.length));
    expect(store.file(uploaded).equals(file)).to.equal(true);
    expect(from.sent('messages.getMessages')).to.have.length(1);
    expect(offsets.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 8 }, (_, i) => i * partBytes));
  });

  it('M2 a file that was removed meanwhile is told as such', async () => {
    const from = readerOf(
      content(10),
      () => {
        throw refusal('FILE_REFERENCE_EXPIRED');
      },
      {
        'messages.getMessages': () => ({
          _: 'messages.messages',
          messages: [{ _: 'messageEmpty', id: 41 }],
          topics: [],
          chats: [],
          users: [],
        }),
      },
    );
    const failure = await failureOf(setting(from, new PartStore()).carry(locationOf(10)));
    expect(failure?.message).to.equal(
      'This kind of message cannot be carried over: its file has been removed or replaced at Telegram.',
    );
  });

  it('M2 a file that Telegram does not show any more is the content’s fault, not the target’s', async () => {
    for (const type of ['CHANNEL_PRIVATE', 'MSG_ID_INVALID', 'LOCATION_INVALID']) {
      const from = readerOf(content(10), () => {
        throw refusal(type);
      });
      expect(await codeOf(setting(from, new PartStore()).carry(locationOf(10)))).to.equal(
        'CONTENT_UNSUPPORTED',
      );
    }
  });

  it('M2 a refused authorization for the file’s data centre is no fault of the file', async () => {
    const from = readerOf(content(10), () => {
      throw refusal('AUTH_BYTES_INVALID');
    });
    const failure = await failureOf(setting(from, new PartStore()).carry(locationOf(10)));
    expect(failure?.code).to.equal('TELEGRAM_REFUSED');
    expect(failure?.detail).to.equal('AUTH_BYTES_INVALID');
  });

  it('M2 a file that has moved is followed to its data centre', async () => {
    const file = content(MiB);
    const from = readerOf(file, (_, dc) => {
      if (dc !== 4) throw refusal('FILE_MIGRATE_4', 303);
    });
    const store = new PartStore();
    const uploaded = await setting(from, store).carry(locationOf(file.length));
    expect(store.file(uploaded).equals(file)).to.equal(true);
  });

  it('M7 floods on a transfer are waited out exactly, longer ones are handed back', async () => {
    const file = content(10);
    let first = true;
    const from = readerOf(file, () => {
      if (!first) return;
      first = false;
      throw refusal('FLOOD_PREMIUM_WAIT_7', 420);
    });
    const store = new PartStore();
    const { carry, clock } = setting(from, store);
    let uploaded: tl.TypeInputFile | undefined;
    const carrying = carry(locationOf(10)).then((handle) => (uploaded = handle));
    await clock.advance(6_999);
    expect(uploaded).to.equal(undefined);
    await clock.advance(1);
    await carrying;
    const long = readerOf(file, () => {
      throw refusal('FLOOD_WAIT_61', 420);
    });
    const failure = await failureOf(setting(long, new PartStore()).carry(locationOf(10)));
    expect([failure?.code, failure?.detail]).to.deep.equal(['FLOOD_WAIT', '61']);
  });

  it('M2 Telegram’s own trouble is repeated a few times, then the transfer fails and nothing runs on', async () => {
    let attempts = 0;
    const from = readerOf(content(8 * MiB), ({ offset }) => {
      if (offset !== 0) return;
      attempts += 1;
      throw refusal('INTERNAL', 500);
    });
    const store = new PartStore();
    const { carry, clock } = setting(from, store);
    const ended = codeOf(carry(locationOf(8 * MiB)));
    await clock.advance(1_000 + 2_000 + 4_000);
    expect(await ended).to.equal('TELEGRAM_UNREACHABLE');
    expect(attempts).to.equal(4);
    const calls = from.calls.length + store.session.calls.length;
    await settle();
    expect([clock.pending, store.inFlight]).to.deep.equal([0, 0]);
    expect(from.calls.length + store.session.calls.length).to.equal(calls);
  });

  const announced: [string, number][] = [
    ['unknown', 0],
    ['too large', 3 * MiB],
    ['too small', MiB + 17],
  ];
  for (const [title, bytes] of announced) {
    it(`M2 an announced size that is ${title} is corrected by the file itself`, async () => {
      const file = content(2 * MiB + 17);
      const store = new PartStore();
      const uploaded = await setting(readerOf(file), store).carry(locationOf(bytes));
      expect(store.file(uploaded).equals(file)).to.equal(true);
    });
  }

  it('M2 an empty file can’t be carried', async () => {
    expect(await codeOf(setting(readerOf(Buffer.of()), new PartStore()).carry(locationOf(0)))).to.equal(
      'CONTENT_UNSUPPORTED',
    );
  });

  it('M7 at most four transfers run at once, the others wait their turn', async () => {
    const waiting: (() => void)[] = [];
    const from = readerOf(content(10), () => new Promise<void>((resume) => waiting.push(resume)));
    const { carry } = setting(from, new PartStore());
    const all = Promise.all(Array.from({ length: 6 }, () => carry(locationOf(10))));
    await settle();
    expect(waiting).to.have.length(4);
    waiting.shift()?.();
    await settle();
    await settle();
    await settle();
    expect(waiting).to.have.length(4);
    while (waiting.length > 0) {
      waiting.shift()?.();
      await settle();
      await settle();
    }
    expect(await all).to.have.length(6);
  });
});
