import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Api } from 'telegram';
import { CustomFile } from 'telegram/client/uploads.js';
import { next, stage, type Stage } from './stage.js';

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('files over the local Telegram with stock GramJS', () => {
  let town: Stage;

  beforeEach(async () => {
    town = await stage();
    town.telegram.world.actAs(town.anna).send({ kind: 'user', id: town.bot.id }, { text: 'hi' });
  });

  afterEach(() => town.close());

  for (const [name, size] of [
    ['5 kB', 5000],
    ['3 MiB', 3 * 1024 * 1024],
    ['12 MiB', 12 * 1024 * 1024],
  ] as const) {
    it(`O2 a document of ${name} comes back byte for byte`, async () => {
      const client = await town.asBot(town.bot);
      const bytes = randomBytes(size);
      const file = new CustomFile('data.bin', size, '', bytes);
      const sent = await client.sendFile(town.anna.id, { file, forceDocument: true, caption: 'for you' });
      const back = (await client.downloadMedia(sent)) as Buffer;
      expect(sha(back)).to.equal(sha(bytes));
      expect(sent.message).to.equal('for you');
    }).timeout(60_000);
  }

  it('O2 an album arrives as one group, and the other side reads it with hashes of its own', async () => {
    const anna = await town.asPerson(town.anna);
    const bot = await town.asBot(town.bot);
    const arrived = next(anna, Api.UpdateNewMessage);
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const files = ['a.png', 'b.png'].map((name) => new CustomFile(name, png.length, '', png));
    await bot.sendFile(town.anna.id, { file: files, caption: ['one', 'two'] });
    const { message } = await arrived;
    if (!(message instanceof Api.Message)) throw new Error('a message was expected');
    expect(message.media).to.be.instanceOf(Api.MessageMediaPhoto);
    const grouped = [...town.anna.box.messages.values()].map(({ body }) => body.groupedId);
    expect(new Set(grouped.slice(1)).size).to.equal(1);
    expect(grouped[1]?.toString()).to.equal(message.groupedId?.toString());
    const back = (await anna.downloadMedia(message)) as Buffer;
    expect(sha(back)).to.equal(sha(png));
  });

  it('O2 an expired file reference is refused and a fresh one works', async () => {
    const client = await town.asBot(town.bot);
    const file = new CustomFile('x.txt', 4, '', Buffer.from('text'));
    const sent = await client.sendFile(town.anna.id, { file, forceDocument: true });
    const stale = sent.media;
    town.telegram.world.files.expireReferences();
    const refused = await client
      .sendFile(town.anna.id, { file: stale as Api.MessageMediaDocument })
      .catch((error: unknown) => String(error));
    expect(refused).to.contain('FILE_REFERENCE_EXPIRED');
    const [fresh] = await client.getMessages(town.anna.id, { ids: sent.id });
    const again = await client.sendFile(town.anna.id, { file: fresh?.media as Api.MessageMediaDocument });
    expect(again.id).to.equal(sent.id + 1);
  });

  it('O2 a file of another DC is fetched there with an exported authorisation', async () => {
    await town.close();
    town = await stage({ dcs: [2, 4] });
    const { world } = town.telegram;
    world.actAs(town.anna).send({ kind: 'user', id: town.bot.id }, { text: 'hi' });
    const client = await town.asBot(town.bot);
    world.dc = 4;
    const bytes = randomBytes(70_000);
    const file = new CustomFile('far.bin', bytes.length, '', bytes);
    const sent = await client.sendFile(town.anna.id, { file, forceDocument: true });
    const back = (await client.downloadMedia(sent)) as Buffer;
    expect(sha(back)).to.equal(sha(bytes));
    const far = town.telegram.calls.filter(({ caller }) => caller.dc === 4).map(({ name }) => name);
    expect(far).to.include.members(['auth.importAuthorization', 'upload.getFile']);
  });
});
