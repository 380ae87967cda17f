import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { GrammyError, InputFile } from 'grammy';
import { Api } from 'telegram';
import { next } from '../services/stage.js';
import { readFile } from '../world/files.js';
import type { Message } from '../world/model.js';
import { awaited, stage, type Stage } from './stage.js';

describe('Bot API: grammY, unmodified', () => {
  let town: Stage;

  beforeEach(async () => {
    town = await stage();
  });

  afterEach(() => town.close());

  /** What reaches Anna next. */
  function annaHears(): Promise<Message> {
    const heard = awaited<Message>();
    const stop = town.telegram.world.listen(({ accountId, events: [event] }) => {
      if (accountId !== town.anna.id || event?.kind !== 'message' || !event.message.body.byBot) return;
      stop();
      heard.come(event.message);
    });
    return heard.came;
  }

  it('O2 an echo bot answers by long polling', async () => {
    town.bot.on('message:text', (context) => context.reply(`echo ${context.message.text}`));
    const first = annaHears();
    await town.start();
    expect((await first).body.text).to.equal('echo /start');
    const second = annaHears();
    town.telegram.world.actAs(town.anna).send({ kind: 'user', id: town.account.id }, { text: 'hello' });
    expect((await second).body.text).to.equal('echo hello');
  });

  it('O2 a photo is uploaded by multipart and downloaded byte for byte', async () => {
    const bytes = randomBytes(300_000);
    const sent = await town.api.sendPhoto(town.anna.id, new InputFile(bytes, 'holiday ü.jpg'), {
      caption: 'see *this*',
      parse_mode: 'MarkdownV2',
    });
    expect(sent.caption).to.equal('see this');
    expect(sent.caption_entities).to.deep.equal([{ type: 'bold', offset: 4, length: 4 }]);
    const file = await town.api.getFile(sent.photo.at(-1)?.file_id ?? '');
    expect(file.file_unique_id).to.equal(sent.photo.at(-1)?.file_unique_id);
    const path = file.file_path ?? '';
    const response = await fetch(`${town.telegram.botApiRoot}/file/bot${town.token}/${path}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).to.equal(true);
    const again = await town.api.sendPhoto(town.anna.id, sent.photo.at(-1)?.file_id ?? '');
    expect(again.photo.at(-1)?.file_unique_id).to.equal(file.file_unique_id);
  });

  it('O2 a document keeps its name, type and bytes for the other side', async () => {
    const bytes = randomBytes(2_000_000);
    const heard = annaHears();
    const sent = await town.api.sendDocument(town.anna.id, new InputFile(bytes, 'report.pdf'));
    expect(sent.document).to.include({
      file_name: 'report.pdf',
      mime_type: 'application/pdf',
      file_size: 2_000_000,
    });
    const { media } = (await heard).body;
    if (media?.kind !== 'document') throw new Error('no document');
    expect(readFile(media.file, 0, media.file.size).equals(bytes)).to.equal(true);
  });

  it('O2 an album is one group with one caption', async () => {
    const [photo, video] = await town.api.sendMediaGroup(town.anna.id, [
      { type: 'photo', media: new InputFile(randomBytes(1000)), caption: 'both' },
      { type: 'video', media: new InputFile(randomBytes(2000), 'clip.mp4'), width: 64, height: 48 },
    ]);
    if (!photo || !('photo' in photo) || !video || !('video' in video)) throw new Error('no album');
    expect([photo.caption, video.caption]).to.deep.equal(['both', undefined]);
    expect(photo.media_group_id).to.match(/^\d+$/).and.equal(video.media_group_id);
    expect(video.video).to.include({ width: 64, height: 48, mime_type: 'video/mp4' });
  });

  it('O2 a forum topic is made, written in from both sides, closed and deleted', async () => {
    const { api, forumId, telegram, anna, forum } = town;
    const topic = await api.createForumTopic(forumId, 'Client');
    const posted = await api.sendMessage(forumId, 'in the topic', {
      message_thread_id: topic.message_thread_id,
    });
    expect(posted).to.include({ message_thread_id: topic.message_thread_id, is_topic_message: true });
    expect(posted.reply_to_message?.forum_topic_created?.name).to.equal('Client');
    const heard = awaited<{ thread: number | undefined; forum: boolean | undefined }>();
    town.bot.on('message:text', ({ message }) => {
      if (message.text !== 'answer') return;
      const isForum = message.chat.type === 'supergroup' ? message.chat.is_forum : undefined;
      heard.come({ thread: message.message_thread_id, forum: isForum });
    });
    await town.start();
    const here = { kind: 'channel', id: forum.id } as const;
    telegram.world.actAs(anna).send(here, { text: 'answer', topic: topic.message_thread_id });
    expect(await heard.came).to.deep.equal({ thread: topic.message_thread_id, forum: true });
    expect(await api.closeForumTopic(forumId, topic.message_thread_id)).to.equal(true);
    expect(forum.topics.get(topic.message_thread_id)?.closed).to.equal(true);
    expect(await api.deleteForumTopic(forumId, topic.message_thread_id)).to.equal(true);
    const late = town.call('sendMessage', {
      chat_id: forumId,
      text: 'late',
      message_thread_id: topic.message_thread_id,
    });
    expect(await late).to.include({
      error_code: 400,
      description: 'Bad Request: message thread not found',
    });
  });

  it('O2 the posting limit of a chat answers 429 with retry_after', async () => {
    town.telegram.world.limits.set({ enabled: true, chatBurst: 2 });
    await town.api.sendMessage(town.anna.id, '1');
    await town.api.sendMessage(town.anna.id, '2');
    const refused: unknown = await town.api.sendMessage(town.anna.id, '3').catch((error: unknown) => error);
    if (!(refused instanceof GrammyError)) throw new Error('not refused');
    expect(refused.error_code).to.equal(429);
    expect(refused.parameters.retry_after).to.equal(2);
    expect(refused.description).to.equal('Too Many Requests: retry after 2');
  });

  it("O2 an MTProto session of the bot sees the Bot API's message as its own, with the same id", async () => {
    const client = await town.session();
    const seen = next(client, Api.UpdateNewMessage);
    const sent = await town.api.sendMessage(town.anna.id, 'by the program');
    const { message } = await seen;
    if (!(message instanceof Api.Message)) throw new Error('no message');
    expect([message.id, message.out, message.message]).to.deep.equal([
      sent.message_id,
      true,
      'by the program',
    ]);
  });

  it('C1 the program and an MTProto session of the bot both get what a person writes', async () => {
    const client = await town.session();
    const ids = awaited<number>();
    town.bot.on('message:text', ({ message }) => message.text === 'to both' && ids.come(message.message_id));
    await town.start();
    const seen = next(client, Api.UpdateNewMessage);
    town.telegram.world.actAs(town.anna).send({ kind: 'user', id: town.account.id }, { text: 'to both' });
    expect((await seen).message.id).to.equal(await ids.came);
  });
});
