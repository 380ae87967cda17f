import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { InputFile } from 'grammy';
import { stage, type Stage } from './stage.js';

describe('Bot API: methods', () => {
  let town: Stage;

  beforeEach(async () => {
    town = await stage();
  });

  afterEach(() => town.close());

  it('O2 getMe, commands, and both ways of asking', async () => {
    const me = await town.api.getMe();
    expect(me).to.include({ id: town.account.id, is_bot: true, username: 'desk_bot' });
    await town.api.setMyCommands([{ command: 'help', description: 'Help' }]);
    const url = `${town.telegram.botApiRoot}/bot${town.token}/getmycommands?scope={"type":"default"}`;
    expect(await (await fetch(url)).json()).to.deep.equal({
      ok: true,
      result: [{ command: 'help', description: 'Help' }],
    });
    const form = new URLSearchParams({ chat_id: String(town.anna.id), text: 'by form' });
    const response = await fetch(`${town.telegram.botApiRoot}/bot${town.token}/sendMessage`, {
      method: 'POST',
      body: form,
    });
    expect(await response.json()).to.have.nested.property('result.text', 'by form');
  });

  const refusals: [
    what: string,
    method: string,
    fields: (town: Stage) => object,
    code: number,
    words: string,
  ][] = [
    ['an unknown method', 'sendCake', () => ({}), 404, 'Not Found: method not implemented: sendCake'],
    ['an unknown chat', 'sendMessage', () => ({ chat_id: 5, text: 'x' }), 400, 'Bad Request: chat not found'],
    [
      'no text',
      'sendMessage',
      ({ anna }) => ({ chat_id: anna.id }),
      400,
      'Bad Request: message text is empty',
    ],
    ['a chat that is not named', 'sendMessage', () => ({ text: 'x' }), 400, 'Bad Request: chat_id is empty'],
    [
      'a reply to nothing',
      'sendMessage',
      ({ anna }) => ({ chat_id: anna.id, text: 'x', reply_parameters: { message_id: 99 } }),
      400,
      'Bad Request: message to be replied not found',
    ],
    [
      'an edit of nothing',
      'editMessageText',
      ({ anna }) => ({ chat_id: anna.id, message_id: 99, text: 'x' }),
      400,
      'Bad Request: message to edit not found',
    ],
    [
      'a deletion of nothing',
      'deleteMessage',
      ({ anna }) => ({ chat_id: anna.id, message_id: 99 }),
      400,
      'Bad Request: message to delete not found',
    ],
    [
      'a file by URL',
      'sendPhoto',
      ({ anna }) => ({ chat_id: anna.id, photo: 'https://example.com/a.jpg' }),
      400,
      'Bad Request: failed to get HTTP URL content: this Telegram fetches nothing from the network',
    ],
    [
      'a foreign file_id',
      'sendPhoto',
      ({ anna }) => ({ chat_id: anna.id, photo: 'AgACxyz' }),
      400,
      'Bad Request: wrong file identifier/HTTP URL specified',
    ],
    [
      'General by number',
      'sendMessage',
      ({ forumId }) => ({ chat_id: forumId, text: 'x', message_thread_id: 1 }),
      400,
      'Bad Request: message thread not found',
    ],
    [
      'bad markup',
      'sendMessage',
      ({ anna }) => ({ chat_id: anna.id, text: '<x>', parse_mode: 'HTML' }),
      400,
      `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 0`,
    ],
  ];
  for (const [what, method, fields, error_code, description] of refusals) {
    it(`O2 ${what} is refused in Telegram's words`, async () => {
      const answer = await town.call(method, { ...fields(town) });
      expect(answer).to.deep.equal({ ok: false, error_code, description });
    });
  }

  it('O2 a wrong token is unauthorised', async () => {
    const response = await fetch(`${town.telegram.botApiRoot}/bot1:x/getMe`);
    expect([response.status, await response.json()]).to.deep.equal([
      401,
      { ok: false, error_code: 401, description: 'Unauthorized' },
    ]);
  });

  it('O2 a person who stopped the bot, and one who never wrote to it, get nothing', async () => {
    const { world } = town.telegram;
    world.actAs(town.anna).block(town.account.id);
    expect((await town.call('sendMessage', { chat_id: town.anna.id, text: 'x' })).description).to.equal(
      'Forbidden: bot was blocked by the user',
    );
    const boris = world.createUser({ firstName: 'Boris' });
    world.actAs(town.anna).invite(town.forum.id, [boris.id]);
    expect((await town.call('sendMessage', { chat_id: boris.id, text: 'x' })).description).to.equal(
      "Forbidden: bot can't initiate conversation with a user",
    );
  });

  it('O2 a message is edited, its keyboard taken away, and deleted on both sides', async () => {
    const { api, anna } = town;
    const sent = await api.sendMessage(anna.id, 'one', {
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'A', callback_data: 'a' },
            { text: 'B', url: 'https://b.example' },
          ],
        ],
      },
    });
    expect(sent.reply_markup?.inline_keyboard[0]?.[1]).to.deep.equal({ text: 'B', url: 'https://b.example' });
    const edited = await api.editMessageText(anna.id, sent.message_id, '<b>two</b>', { parse_mode: 'HTML' });
    if (edited === true) throw new Error('no message');
    expect(edited).to.deep.include({ text: 'two', entities: [{ type: 'bold', offset: 0, length: 3 }] });
    expect(edited.reply_markup).to.equal(undefined);
    const same = { chat_id: anna.id, message_id: sent.message_id, text: '<b>two</b>', parse_mode: 'HTML' };
    expect((await town.call('editMessageText', same)).description).to.match(
      /^Bad Request: message is not modified/,
    );
    await api.deleteMessage(anna.id, sent.message_id);
    expect([...anna.box.messages.values()].map(({ body }) => body.text)).to.deep.equal(['/start']);
  });

  it('O2 messages are copied as new ones and forwarded with their origin, albums together', async () => {
    const { api, anna, forumId, forum } = town;
    const album = await api.sendMediaGroup(anna.id, [
      { type: 'photo', media: new InputFile(randomBytes(10)) },
      { type: 'photo', media: new InputFile(randomBytes(10)), caption: 'two' },
    ]);
    const ids = album.map(({ message_id }) => message_id);
    const copies = await api.copyMessages(forumId, anna.id, ids);
    const bodies = copies.map(({ message_id }) => forum.box.messages.get(message_id)?.body);
    expect(bodies.map((body) => body?.text)).to.deep.equal(['', 'two']);
    expect(bodies[0]?.groupedId).to.equal(bodies[1]?.groupedId).and.not.equal(undefined);
    const { message_id } = await api.copyMessage(forumId, anna.id, ids[1] ?? 0, { caption: 'new' });
    expect(forum.box.messages.get(message_id)?.body.text).to.equal('new');
    const forwarded = await api.forwardMessage(forumId, anna.id, 1);
    expect(forwarded.forward_origin).to.deep.include({ type: 'user' });
  });

  it('O2 every kind of file comes back as what it was sent as', async () => {
    const { api, anna } = town;
    const file = (): InputFile => new InputFile(randomBytes(100), 'file.bin');
    const kinds = await Promise.all([
      api.sendVideo(anna.id, file(), { duration: 3, thumbnail: new InputFile(randomBytes(50)) }),
      api.sendAnimation(anna.id, file()),
      api.sendAudio(anna.id, file(), { title: 'Song', performer: 'Her' }),
      api.sendVoice(anna.id, file(), { duration: 2 }),
      api.sendVideoNote(anna.id, file(), { length: 100 }),
      api.sendSticker(anna.id, file(), { emoji: '🙂' }),
    ]);
    const [video, animation, audio, voice, note, sticker] = kinds;
    expect(video.video).to.include({ duration: 3 });
    expect(video.video.thumbnail?.file_size).to.equal(50);
    expect(animation).to.have.property('animation');
    expect(audio.audio).to.include({ title: 'Song', performer: 'Her' });
    expect(voice.voice).to.include({ duration: 2, mime_type: 'audio/ogg' });
    expect(note.video_note).to.include({ length: 100 });
    expect(sticker.sticker).to.include({ emoji: '🙂', type: 'regular' });
  });

  it('O2 what has no file is sent, and a stock session can read it', async () => {
    const { api, anna, account } = town;
    const client = await town.session();
    await api.sendLocation(anna.id, 52.5, 13.4);
    await api.sendContact(anna.id, '+491511', 'Boris');
    await api.sendVenue(anna.id, 52.5, 13.4, 'Cafe', 'Street 1');
    await api.sendDice(anna.id, '🎲');
    const poll = await api.sendPoll(anna.id, 'Tea?', [{ text: 'Yes' }, { text: 'No' }]);
    expect(poll.poll.options.map(({ text }) => text)).to.deep.equal(['Yes', 'No']);
    const ids = [...account.box.messages.keys()];
    const read = await client.getMessages(anna.id, { ids: ids.slice(-5) });
    expect(read.map((message) => message.media?.className)).to.deep.equal([
      'MessageMediaGeo',
      'MessageMediaContact',
      'MessageMediaVenue',
      'MessageMediaDice',
      'MessageMediaPoll',
    ]);
  });

  it('O2 chats and members are described, and pins and reactions stand', async () => {
    const { api, anna, forumId, forum, account } = town;
    expect(await api.getChat(forumId)).to.include({ type: 'supergroup', title: 'Office', is_forum: true });
    expect((await api.getChatMember(forumId, anna.id)).status).to.equal('creator');
    expect(await api.getChatMember(forumId, account.id)).to.include({
      status: 'administrator',
      can_manage_topics: true,
    });
    expect((await api.getChatAdministrators(forumId)).length).to.equal(2);
    expect(await api.getChatMemberCount(forumId)).to.equal(2);
    const { message_id } = await api.sendMessage(forumId, 'pin me');
    await api.pinChatMessage(forumId, message_id);
    expect((await api.getChat(forumId)).pinned_message?.message_id).to.equal(message_id);
    await api.setMessageReaction(forumId, message_id, [{ type: 'emoji', emoji: '👌' }]);
    expect(forum.box.messages.get(message_id)?.body.reactions.has(account.id)).to.equal(true);
    await api.sendChatAction(forumId, 'typing');
    await api.unpinAllChatMessages(forumId);
    expect((await api.getChat(forumId)).pinned_message).to.equal(undefined);
  });

  it('O2 faults of the Bot API: an error, a limit, a delay, and a connection closed before and after', async () => {
    const { faults } = town.telegram.botApi;
    const send = (): Promise<unknown> =>
      town.call('sendMessage', { chat_id: town.anna.id, text: 'x' }).catch(() => 'closed');
    const count = (): number => [...town.anna.box.messages.values()].length;
    const before = count();
    faults.add({ name: 'bot-api.error', code: 500, text: 'Internal Server Error', times: 1 });
    expect(await send()).to.include({ error_code: 500 });
    faults.add({ name: 'bot-api.flood', seconds: 7, times: 1, when: { method: 'sendmessage' } });
    expect(await town.call('getMe')).to.include({ ok: true });
    expect(await send()).to.deep.include({ error_code: 429, parameters: { retry_after: 7 } });
    faults.add({ name: 'bot-api.close-before', times: 1, when: { user: BigInt(town.account.id) } });
    expect(await send()).to.equal('closed');
    expect(count()).to.equal(before);
    faults.add({ name: 'bot-api.close-after', times: 1 });
    expect(await send()).to.equal('closed');
    expect(count()).to.equal(before + 1);
    faults.add({ name: 'bot-api.delay', ms: 5, times: 1 });
    expect(await send()).to.include({ ok: true });
    expect(faults.list()).to.deep.equal([]);
  });
});
