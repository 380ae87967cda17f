import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { awaited, stage, type Answer, type Stage } from './stage.js';

interface Update {
  update_id: number;
  message?: { text?: string; message_id: number };
  message_reaction?: { new_reaction: unknown[] };
  my_chat_member?: { new_chat_member: { status: string }; chat: { type: string } };
  callback_query?: { id: string; data: string; message: { message_id: number } };
}

describe('Bot API: updates', () => {
  let town: Stage;
  let hook: Server | undefined;

  beforeEach(async () => {
    town = await stage();
    await town.call('getUpdates', { offset: -1 }).then(({ result }) => confirm(result as Update[]));
  });

  afterEach(async () => {
    hook?.closeAllConnections();
    hook?.close();
    hook = undefined;
    await town.close();
  });

  async function confirm(updates: Update[]): Promise<void> {
    await town.call('getUpdates', { offset: (updates.at(-1)?.update_id ?? 0) + 1 });
  }

  function annaWrites(text: string): number {
    const { telegram, anna, account } = town;
    return telegram.world.actAs(anna).send({ kind: 'user', id: account.id }, { text }).id;
  }

  async function updates(fields: Record<string, unknown> = {}): Promise<Update[]> {
    return (await town.call('getUpdates', fields)).result as Update[];
  }

  const texts = (list: Update[]): (string | undefined)[] => list.map(({ message }) => message?.text);

  it('O2 updates come again until an offset confirms them, and limit cuts', async () => {
    for (const text of ['one', 'two', 'three']) annaWrites(text);
    const first = await updates({ limit: 2 });
    expect(texts(first)).to.deep.equal(['one', 'two']);
    expect(texts(await updates())).to.deep.equal(['one', 'two', 'three']);
    expect(texts(await updates({ offset: (first[1]?.update_id ?? 0) + 1 }))).to.deep.equal(['three']);
    expect(texts(await updates())).to.deep.equal(['three']);
  });

  it('O2 offset -1 gives the last update and forgets the ones before', async () => {
    for (const text of ['one', 'two', 'three']) annaWrites(text);
    expect(texts(await updates({ offset: '-1' }))).to.deep.equal(['three']);
    expect(texts(await updates())).to.deep.equal(['three']);
  });

  it('O2 a long poll answers as soon as something comes', async () => {
    const waiting = updates({ timeout: 30 });
    annaWrites('now');
    expect(texts(await waiting)).to.deep.equal(['now']);
  });

  it('O2 a second poll throws the first out with 409', async () => {
    const first = town.call('getUpdates', { timeout: 30 });
    await until(() => town.telegram.botApi.polling(town.account.id));
    const second = updates({ timeout: 30 });
    expect(await first).to.deep.equal({
      ok: false,
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    } satisfies Answer);
    annaWrites('for the second');
    expect(texts(await second)).to.deep.equal(['for the second']);
  });

  it('O2 reactions come only when asked for, stops and restarts always', async () => {
    const { telegram, anna, account } = town;
    const here = { kind: 'user', id: account.id } as const;
    const id = annaWrites('like this');
    await confirm(await updates());
    telegram.world.actAs(anna).react(here, id, [{ _: 'reactionEmoji', emoticon: '👍' }]);
    telegram.world.actAs(anna).block(account.id);
    const [stopped, ...rest] = await updates({ allowed_updates: ['message_reaction', 'my_chat_member'] });
    expect(stopped?.my_chat_member?.new_chat_member.status).to.equal('kicked');
    expect(rest).to.deep.equal([]);
    telegram.world.actAs(anna).react(here, id, []);
    expect((await updates()).at(-1)?.message_reaction?.new_reaction).to.deep.equal([]);
  });

  it('O2 a pressed button reaches the program, and its answer the person', async () => {
    const { telegram, anna, account, api } = town;
    const { message_id } = await api.sendMessage(anna.id, 'choose', {
      reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
    });
    const query = telegram.world.actAs(anna).press({ kind: 'user', id: account.id }, 2, Buffer.from('y'));
    const answered = telegram.world.callbacks.wait(query.id);
    const [update] = await updates();
    expect(update?.callback_query).to.deep.include({ id: String(query.id), data: 'y' });
    expect(update?.callback_query?.message.message_id).to.equal(message_id);
    await api.answerCallbackQuery(update?.callback_query?.id ?? '', { text: 'ok', show_alert: true });
    expect(await answered).to.deep.equal({ text: 'ok', alert: true, cacheTime: 0 });
  });

  it('O2 a webhook gets updates in order, again after a failure, and may answer with a method', async () => {
    const got: { text: string | undefined; secret: string | undefined }[] = [];
    const all = awaited<undefined>();
    hook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { message } = JSON.parse(Buffer.concat(chunks).toString()) as Update;
        const secret = request.headers['x-telegram-bot-api-secret-token'];
        got.push({ text: message?.text, secret: Array.isArray(secret) ? secret[0] : secret });
        if (got.length === 1) response.writeHead(500).end();
        else
          response.end(
            JSON.stringify({ method: 'sendMessage', chat_id: town.anna.id, text: `re ${message?.text}` }),
          );
        if (got.length === 3) all.come(undefined);
      });
    });
    await new Promise<void>((resolve) => hook?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
    const replied = awaited<undefined>();
    town.telegram.world.listen(({ accountId, events: [event] }) => {
      if (accountId !== town.anna.id || event?.kind !== 'message') return;
      if (event.message.body.text === 're second') replied.come(undefined);
    });
    expect(await town.api.setWebhook(url, { secret_token: 'hush' })).to.equal(true);
    annaWrites('first');
    annaWrites('second');
    await all.came;
    expect(got.map(({ text }) => text)).to.deep.equal(['first', 'first', 'second']);
    expect(got[0]?.secret).to.equal('hush');
    await replied.came;
    const info = await town.api.getWebhookInfo();
    expect(info).to.include({ url, pending_update_count: 0 });
    expect(info.last_error_message).to.match(/^Wrong response from the webhook: 500/);
    expect((await town.call('getUpdates')).error_code).to.equal(409);
    expect(await town.api.deleteWebhook({ drop_pending_updates: true })).to.equal(true);
    expect(await updates()).to.deep.equal([]);
  });

  it('O2 a webhook outside the machine is refused', async () => {
    expect(await town.call('setWebhook', { url: 'https://example.com/hook' })).to.include({
      error_code: 400,
    });
  });
});

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setImmediate(resolve));
}
