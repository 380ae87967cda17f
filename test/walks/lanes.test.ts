import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { StoredFile } from '../emulator/world/files.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

const MiB = 1024 * 1024;

describe('text beside files', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened));

  it("M1 a text of one dialog is posted before the last part of another dialog's 50 MB file is uploaded", async () => {
    const { world, faults, calls } = stage.telegram;
    const { ann, bob, shop, group } = stage.cast;
    const there = { kind: 'user' as const, id: shop.id };
    world.actAs(bob).send(there, { text: 'hello' });
    const bobTopic = await stage.topic('Bob');
    await until(() => stage.posts(bobTopic).length === 1, "Bob's first message");
    // Uploads are slow, so that the order does not hang on this machine's speed.
    faults.add({ name: 'call.delay', when: { method: 'upload.saveBigFilePart' }, ms: 30 });
    const chunks = Array.from({ length: 50 }, () => randomBytes(MiB));
    const file = world.files.document(chunks, { mimeType: 'application/zip', attributes: [] });
    world.actAs(ann).send(there, { text: 'big', media: { kind: 'document', file } });
    const parts = (): number => calls.filter(({ name }) => name === 'upload.saveBigFilePart').length;
    await until(() => parts() > 0, 'the first part');
    world.actAs(ann).send(there, { text: 'after the file' });
    world.actAs(bob).send(there, { text: 'am I waiting?' });
    await until(() => stage.posts(bobTopic).length === 2, "Bob's text");
    expect(parts()).to.be.lessThan(100);
    const annTopic = await stage.topic('Ann');
    await until(() => stage.posts(annTopic).length === 2, "Ann's file and text", 40_000);
    expect(stage.posts(annTopic)).to.deep.equal(['[document] big', 'after the file']);
    const post = [...group.box.messages.values()].find(({ body }) => body.text === 'big');
    expect(
      post?.body.media?.kind === 'document' && bytesOf(post.body.media.file).equals(bytesOf(file)),
    ).to.equal(true);
  }).timeout(60_000);
});

function bytesOf(file: StoredFile): Buffer {
  return Buffer.concat(file.chunks);
}
