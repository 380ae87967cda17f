import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { createTelegram, type LocalTelegram } from '../telegram.js';
import { generatedBytes } from './files.js';
import { Control } from './server.js';

interface View {
  users: { id: number; chats: { with: number; messages: MessageView[] }[] }[];
  bots: { id: number; chats: { with: number; messages: MessageView[] }[] }[];
  groups: {
    id: number;
    topics: { id: number; title: string; messages: MessageView[] }[];
    messages: MessageView[];
  }[];
}

interface MessageView {
  id: number;
  text: string;
  from: { id: number; name: string };
  replyTo?: number;
  groupedId?: string;
  media?: { kind: string; name: string | null; size: number; file: string };
  reactions?: { from: number; emoji: string }[];
  buttons?: { text: string; data?: string }[][];
}

describe('Control channel', () => {
  let telegram: LocalTelegram;
  let control: Control;
  let desk: { id: number; token: string };

  beforeEach(async () => {
    telegram = createTelegram({ limits: { enabled: false } });
    control = new Control(telegram);
    await telegram.listen();
    await control.listen();
    await act({ act: 'createUser', firstName: 'Anna', username: 'anna', phone: '+49 151 1' });
    desk = (await act({ act: 'createBot', firstName: 'Desk', username: 'desk_bot' })) as typeof desk;
    await act({ act: 'createGroup', title: 'Office', creator: 'anna', forum: true });
  });

  afterEach(async () => {
    await control.close();
    await telegram.close();
  });

  async function ask(method: string, path: string, body?: unknown): Promise<{ code: number; body: unknown }> {
    const response = await fetch(control.root + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { code: response.status, body: await response.json() };
  }

  async function act(body: unknown): Promise<unknown> {
    const answer = await ask('POST', '/act', body);
    if (answer.code !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  const world = async (query = ''): Promise<View> => (await ask('GET', `/world${query}`)).body as View;

  it('O2 what people do by hand is seen from both sides', async () => {
    const sent = await act({ act: 'send', as: 'anna', to: '@desk_bot', text: 'hello' });
    expect(sent).to.deep.equal({ id: 1, otherId: 1 });
    await act({ act: 'send', as: desk.id, to: 'Anna', text: 'yes?', replyTo: 1 });
    await act({ act: 'edit', as: 'anna', chat: 'desk_bot', id: 1, text: 'hello!' });
    await act({ act: 'react', as: 'anna', chat: 'desk_bot', id: 2, emoji: '👍' });
    const view = await world();
    const [anna] = view.users;
    const sides = [anna?.chats[0]?.messages, view.bots[0]?.chats[0]?.messages];
    for (const messages of sides) {
      expect(messages?.map(({ text }) => text)).to.deep.equal(['hello!', 'yes?']);
      expect(messages?.[1]).to.deep.include({ replyTo: 1, reactions: [{ from: anna?.id, emoji: '👍' }] });
    }
    expect(await act({ act: 'delete', as: 'anna', chat: 'desk_bot', ids: [1, 2] })).to.deep.equal({
      count: 2,
    });
    expect((await world('?of=anna')).users[0]?.chats).to.deep.equal([]);
  });

  it('O2 a group gets members, admins and topics, and its messages stand in their topics', async () => {
    await act({ act: 'addMember', group: 'Office', user: 'desk_bot' });
    await act({ act: 'promote', group: 'Office', user: 'desk_bot', rights: ['manage_topics'] });
    const topic = (await act({ act: 'createTopic', as: 'desk_bot', group: 'Office', title: 'Client' })) as {
      id: number;
    };
    await act({ act: 'send', as: 'anna', chat: 'Office', topic: topic.id, text: 'here' });
    await act({ act: 'send', as: 'anna', chat: 'Office', text: 'general' });
    await act({ act: 'closeTopic', group: 'Office', topic: topic.id });
    const [group] = (await world()).groups;
    const texts = group?.topics.map(({ title, messages }) => [title, messages.at(-1)?.text, messages.length]);
    expect(texts?.[0]).to.deep.equal(['General', 'general', 2]);
    expect(texts?.[1]?.[0]).to.equal('Client');
    expect(group?.topics[1]?.messages[1]?.text).to.equal('here');
    await act({ act: 'deleteTopic', group: 'Office', topic: topic.id });
    expect((await world()).groups[0]?.topics[1]?.messages).to.deep.equal([]);
  });

  it('O2 files are given as bytes or made up, and read back with their hash', async () => {
    const base64 = Buffer.from('the bytes').toString('base64');
    await act({ act: 'send', as: 'anna', to: 'desk_bot', file: { kind: 'document', name: 'a.txt', base64 } });
    await act({
      act: 'sendAlbum',
      as: 'anna',
      to: 'desk_bot',
      text: 'two',
      files: [
        { kind: 'photo', size: 5000 },
        { kind: 'video', size: 3_000_000, name: 'v.mp4' },
      ],
    });
    const messages = (await world('?of=desk_bot')).bots[0]?.chats[0]?.messages ?? [];
    expect(messages.map(({ media }) => [media?.kind, media?.name, media?.size])).to.deep.equal([
      ['document', 'a.txt', 9],
      ['photo', null, 5000],
      ['video', 'v.mp4', 3_000_000],
    ]);
    expect(messages[1]?.groupedId).to.equal(messages[2]?.groupedId).and.not.equal(undefined);
    const bytes = await (await fetch(`${control.root}/file?file=${messages[0]?.media?.file}`)).text();
    expect(bytes).to.equal('the bytes');
    const sha256 = createHash('sha256');
    for (const chunk of generatedBytes(3_000_000, 'v.mp4:3000000')) sha256.update(chunk);
    expect((await ask('GET', '/file?as=anna&chat=desk_bot&id=3&sha256')).body).to.deep.include({
      size: 3_000_000,
      sha256: sha256.digest('hex'),
    });
  });

  it('O2 a button is pressed by its words and the answer comes back', async () => {
    await act({ act: 'send', as: 'anna', to: 'desk_bot', text: '/start' });
    const api = `${telegram.botApiRoot}/bot${desk.token}`;
    const markup = JSON.stringify({ inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] });
    const anna = (await world()).users[0]?.id;
    await fetch(`${api}/sendMessage?chat_id=${anna}&text=choose&reply_markup=${encodeURIComponent(markup)}`);
    const pressed = act({ act: 'press', as: 'anna', chat: 'desk_bot', id: 2, button: 'Yes', wait: true });
    const updates = (await (await fetch(`${api}/getUpdates?offset=-1&timeout=5`)).json()) as {
      result: { callback_query?: { id: string } }[];
    };
    const id = updates.result[0]?.callback_query?.id;
    await fetch(`${api}/answerCallbackQuery?callback_query_id=${id}&text=done`);
    expect(await pressed).to.deep.equal({ queryId: id, answer: { text: 'done', cacheTime: 0 } });
  });

  it('O2 faults of both desks are put in and taken out, limits set, calls listed', async () => {
    const flood = await ask('POST', '/fault', {
      name: 'call.flood',
      seconds: 3,
      when: { user: 'desk_bot', method: 'messages.sendMessage' },
      times: 2,
    });
    expect(flood.code).to.equal(200);
    expect(telegram.faults.list()[0]?.fault.when?.user).to.equal(BigInt(desk.id));
    await ask('POST', '/fault', { name: 'bot-api.error', code: 502, text: 'Bad Gateway', times: 1 });
    const api = `${telegram.botApiRoot}/bot${desk.token}`;
    expect((await fetch(`${api}/getMe`)).status).to.equal(502);
    const standing = (await ask('GET', '/fault')).body as { standing: unknown[]; known: object };
    expect(standing.standing).to.have.length(1);
    expect(standing.known).to.include.keys('push.drop', 'bot-api.flood');
    await ask('DELETE', '/fault');
    expect(telegram.faults.list()).to.deep.equal([]);
    expect((await ask('POST', '/limits', { enabled: true, chatBurst: 9 })).body).to.include({
      enabled: true,
      chatBurst: 9,
      groupPerMinute: 20,
    });
    expect((await ask('GET', '/calls')).body).to.deep.equal({
      mtproto: [],
      botApi: [{ bot: desk.id, method: 'getMe', code: 502 }],
      problems: [],
    });
  });

  it('O2 codes of logins are shown, and a QR code is accepted', async () => {
    expect((await ask('GET', '/code?phone=491511')).body).to.deep.equal({ code: null });
    telegram.logins.sendCode('491511');
    expect((await ask('GET', '/code?phone=%2B491511')).body).to.deep.equal({
      code: telegram.logins.code('491511'),
    });
    const { token } = telegram.logins.newToken('00');
    const url = `tg://login?token=${token.toString('base64url')}`;
    const accepted = (await act({ act: 'acceptLogin', user: 'anna', url })) as { user: number };
    expect(telegram.logins.token(token).userId).to.equal(accepted.user);
  });

  const wrong: [body: unknown, code: number, sentence: string][] = [
    [{ act: 'dance' }, 400, 'There is no act "dance"'],
    [{}, 400, 'An act needs "act".'],
    [{ act: 'send', as: 'anna', to: 'desk_bot' }, 400, 'send needs "text" or "file".'],
    [{ act: 'send', as: 'nobody', to: 'desk_bot', text: 'x' }, 400, 'Nobody has the id'],
    [{ act: 'send', as: 'anna', to: 'nowhere', text: 'x' }, 400, 'Neither a person, a bot nor a group'],
    [
      { act: 'edit', as: 'anna', chat: 'desk_bot', id: 'x', text: 'x' },
      400,
      '"id" of edit must be a whole number.',
    ],
    [
      { act: 'promote', group: 'Office', user: 'anna', rights: ['fly'] },
      400,
      '"rights" of promote has no "fly".',
    ],
    [{ act: 'edit', as: 'anna', chat: 'desk_bot', id: 9, text: 'x' }, 409, 'MESSAGE_ID_INVALID'],
  ];
  for (const [body, code, sentence] of wrong) {
    it(`O2 ${JSON.stringify(body)} is answered with ${code}: ${sentence}`, async () => {
      const answer = await ask('POST', '/act', body);
      expect(answer.code).to.equal(code);
      expect((answer.body as { error: string }).error).to.include(sentence);
    });
  }

  it('O2 faults and paths that there are not are answered with 400', async () => {
    expect((await ask('POST', '/fault', { name: 'call.error' })).body).to.deep.equal({
      error: 'The fault needs "code".',
    });
    expect((await ask('POST', '/fault', { name: 'rain' })).code).to.equal(400);
    expect((await ask('GET', '/weather')).code).to.equal(400);
    expect((await ask('POST', '/act', 'not an object')).code).to.equal(400);
  });
});
