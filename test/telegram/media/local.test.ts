import { expect } from 'chai';

import { LocalSetting } from '../outgoing/local-telegram.js';
import type { StoredFile } from '../../emulator/world/files.js';
import { content, partBytes } from './file-servers.js';

const MiB = 1024 * 1024;

describe('media: on the local Telegram', () => {
  let at: LocalSetting;
  afterEach(() => at.close());

  /** Ann sends a document to the bot; the desk bot posts it. Answers what arrived. */
  const carry = async (file: Buffer, underway: () => void = () => undefined): Promise<StoredFile> => {
    const made = at.world.files.document([file], { mimeType: 'application/zip', attributes: [] });
    at.world.actAs(at.ann).send({ kind: 'user', id: at.bot.id }, { media: { kind: 'document', file: made } });
    const { content: seen, owner, peer, msgId } = await at.message(at.owner);
    const topic = await at.sender.createTopic({
      owner: at.desk,
      group: at.group,
      title: 'Ann',
      randomId: '7',
    });
    underway();
    const part = { content: seen, randomId: '8', source: { owner, peer, msgId } };
    await at.sender.send({ owner: at.desk, peer: at.group, topic, parts: [part] });
    const media = at.posts(topic)[0]?.body.media;
    if (media?.kind !== 'document') throw new Error('no document arrived');
    return media.file;
  };

  const same = (arrived: StoredFile, file: Buffer): boolean =>
    arrived.chunks.every((chunk, part) =>
      chunk.equals(file.subarray(part * partBytes, (part + 1) * partBytes)),
    ) && arrived.size === file.length;

  it('M2 12 MiB go from one account to the other byte for byte, with at most 8 MiB held', async () => {
    at = new LocalSetting();
    await at.open();
    const file = content(12 * MiB + 5);
    const arrived = await carry(file);
    expect(same(arrived, file)).to.equal(true);
    expect(at.mostHeldBytes).to.be.within(partBytes, 8 * MiB);
    const names = at.telegram.calls.map(({ name }) => name);
    expect(names.filter((name) => name === 'upload.getFile')).to.have.length(25);
    expect(names.filter((name) => name === 'upload.saveBigFilePart')).to.have.length(25);
  });

  it('M2 a reference that expires under way is renewed and the transfer goes on', async () => {
    at = new LocalSetting();
    await at.open();
    const file = content(6 * MiB);
    const arrived = await carry(file, () => at.world.files.expireReferences());
    expect(same(arrived, file)).to.equal(true);
    expect(at.telegram.calls.filter(({ name }) => name === 'messages.getMessages')).to.have.length(1);
  });

  it('M2 a file of another data centre is fetched there', async () => {
    at = new LocalSetting([2, 4]);
    await at.open();
    at.world.dc = 4;
    const file = content(3 * MiB);
    const arrived = await carry(file);
    expect(same(arrived, file)).to.equal(true);
    const read = at.telegram.calls.filter(({ name }) => name === 'upload.getFile');
    expect(new Set(read.map(({ caller }) => caller.dc))).to.deep.equal(new Set([4]));
  });

  it('M7 floods and lost answers under way cost time, and nothing else', async () => {
    at = new LocalSetting();
    await at.open();
    const file = content(2 * MiB);
    const arrived = await carry(file, () => {
      at.telegram.faults.add({
        name: 'call.flood',
        seconds: 1,
        when: { method: 'upload.getFile' },
        times: 1,
      });
      at.telegram.faults.add({
        name: 'call.close-after',
        when: { method: 'upload.saveFilePart' },
        times: 1,
      });
      at.telegram.faults.add({
        name: 'call.error',
        code: 500,
        text: 'WORKER_BUSY_TOO_LONG_RETRY',
        when: { method: 'upload.saveFilePart' },
        times: 1,
      });
    });
    expect(same(arrived, file)).to.equal(true);
  });
});
