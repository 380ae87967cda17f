import bigInt from 'big-integer';
import { expect } from 'chai';
import { Api } from 'telegram';
import { next, stage, type Stage } from './stage.js';

describe('messages over the local Telegram with stock GramJS', () => {
  let town: Stage;

  beforeEach(async () => {
    town = await stage();
  });

  afterEach(() => town.close());

  const greet = (text: string): void => {
    town.telegram.world.actAs(town.anna).send({ kind: 'user', id: town.bot.id }, { text });
  };

  it('O2 each side has its own id, `out` is per viewer, and the server adds entities', async () => {
    const client = await town.asBot(town.bot);
    const arrived = next(client, Api.UpdateNewMessage);
    town.telegram.world.actAs(town.anna).send({ kind: 'user', id: town.anna.id }, { text: 'note to self' });
    greet('/start see https://example.com @anna_owner');
    const { message } = await arrived;
    if (!(message instanceof Api.Message)) throw new Error('a message was expected');
    expect(message.id).to.equal(1);
    expect(message.out).to.equal(false);
    expect(message.entities?.map((entity) => entity.className)).to.deep.equal([
      'MessageEntityBotCommand',
      'MessageEntityUrl',
      'MessageEntityMention',
    ]);
    const sent = await client.sendMessage(town.anna.id, { message: 'hello' });
    expect([sent.id, sent.out]).to.deep.equal([2, true]);
    expect([...town.anna.box.messages.keys()]).to.deep.equal([1, 2, 3]);
  });

  it('O2 the other session of a bot sees what the first one sent, with out = true', async () => {
    greet('hi');
    const [first, second] = [await town.asBot(town.bot), await town.asBot(town.bot)];
    const seen = next(second, Api.UpdateShortMessage as never) as Promise<unknown> as Promise<{
      out: boolean;
      message: string;
      id: number;
    }>;
    await second.invoke(new Api.updates.GetState());
    const sent = await first.sendMessage(town.anna.id, { message: 'answer' });
    const update = await seen;
    expect([update.out, update.message, update.id]).to.deep.equal([true, 'answer', sent.id]);
  });

  it('O2 a repeated random_id is refused and the difference tells its message id', async () => {
    greet('hi');
    const client = await town.asBot(town.bot);
    const state = await client.invoke(new Api.updates.GetState());
    const request = (): Promise<unknown> =>
      client.invoke(
        new Api.messages.SendMessage({ peer: town.anna.id, message: 'once', randomId: bigInt(77) }),
      );
    await request();
    expect(await request().catch((error: unknown) => String(error))).to.contain('RANDOM_ID_DUPLICATE');
    const difference = await client.invoke(
      new Api.updates.GetDifference({ pts: state.pts, date: state.date, qts: state.qts }),
    );
    if (!(difference instanceof Api.updates.Difference)) throw new Error('a difference was expected');
    expect(difference.newMessages).to.have.length(1);
    const [mapping] = difference.otherUpdates;
    expect(mapping).to.be.instanceOf(Api.UpdateMessageID);
    expect((mapping as Api.UpdateMessageID).id).to.equal(2);
  });

  it('O2 pushes that were lost are in the difference, and the state moves on', async () => {
    const client = await town.asBot(town.bot);
    const before = await client.invoke(new Api.updates.GetState());
    town.telegram.faults.add({ name: 'push.drop' });
    for (const text of ['one', 'two', 'three']) greet(text);
    const { actAs } = { actAs: (id: number) => town.telegram.world.actAs(id) };
    actAs(town.anna.id).edit({ kind: 'user', id: town.bot.id }, 2, { text: 'two, edited' });
    actAs(town.anna.id).delete({ kind: 'user', id: town.bot.id }, [3]);
    const difference = await client.invoke(
      new Api.updates.GetDifference({ pts: before.pts, date: before.date, qts: before.qts }),
    );
    if (!(difference instanceof Api.updates.Difference)) throw new Error('a difference was expected');
    const texts = difference.newMessages.map((message) => (message as Api.Message).message);
    expect(texts).to.deep.equal(['one', 'two, edited']);
    expect(difference.otherUpdates.map(({ className }) => className)).to.deep.equal(['UpdateDeleteMessages']);
    expect(difference.state.pts).to.equal(before.pts + 5);
  });

  it('O2 pts_limit closes a gap of one, and a long gap comes in slices', async () => {
    const client = await town.asBot(town.bot);
    const { pts, date, qts } = await client.invoke(new Api.updates.GetState());
    for (const text of ['one', 'two', 'three']) greet(text);
    const slice = await client.invoke(new Api.updates.GetDifference({ pts, ptsLimit: 1, date, qts }));
    if (!(slice instanceof Api.updates.DifferenceSlice)) throw new Error('a slice was expected');
    expect(slice.newMessages).to.have.length(1);
    expect(slice.intermediateState.pts).to.equal(pts + 1);
    const tooLong = await client.invoke(new Api.updates.GetDifference({ pts, ptsTotalLimit: 2, date, qts }));
    expect(tooLong.className).to.equal('updates.DifferenceTooLong');
  });

  it('O2 an edit, a reaction and a deletion of the client reach the person', async () => {
    greet('hi');
    const anna = await town.asPerson(town.anna);
    const bot = await town.asBot(town.bot);
    const { id } = await bot.sendMessage(town.anna.id, { message: 'first' });
    const edited = next(anna, Api.UpdateEditMessage);
    await bot.editMessage(town.anna.id, { message: id, text: 'second' });
    expect(((await edited).message as Api.Message).message).to.equal('second');
    const reacted = next(anna, Api.UpdateMessageReactions);
    const reaction = [new Api.ReactionEmoji({ emoticon: '👌' })];
    await bot.invoke(new Api.messages.SendReaction({ peer: town.anna.id, msgId: 1, reaction }));
    expect((await reacted).msgId).to.equal(1);
    const deleted = next(anna, Api.UpdateDeleteMessages);
    await bot.deleteMessages(town.anna.id, [id], { revoke: true });
    expect((await deleted).messages).to.deep.equal([2]);
  });

  it('O2 a bot that posts too fast in a group is told how long to wait', async () => {
    town.telegram.world.limits.set({ enabled: true, chatPerSecond: 0, groupPerMinute: 2 });
    const bot = town.telegram.world.actAs(town.bot);
    for (const text of ['one', 'two']) bot.send({ kind: 'channel', id: town.forum.id }, { text });
    const client = await town.asBot(town.bot);
    client.floodSleepThreshold = 0;
    const peer = new Api.InputPeerChannel({ channelId: bigInt(town.forum.id), accessHash: bigInt(0) });
    const refused = await client
      .invoke(new Api.messages.SendMessage({ peer, message: 'three', randomId: bigInt(3) }))
      .catch((error: unknown) => error);
    expect(refused).to.have.property('seconds').within(58, 60);
    expect([...town.forum.box.messages.values()].map(({ body }) => body.text)).to.deep.equal(['one', 'two']);
  });

  it('O2 a pressed button waits for the bot and brings its answer', async () => {
    greet('hi');
    const anna = await town.asPerson(town.anna);
    const bot = await town.asBot(town.bot);
    const data = Buffer.from('yes');
    const button = new Api.KeyboardButtonCallback({ text: 'Yes', data });
    const buttons = new Api.ReplyInlineMarkup({ rows: [new Api.KeyboardButtonRow({ buttons: [button] })] });
    await bot.sendMessage(town.anna.id, { message: 'sure?', buttons });
    const query = next(bot, Api.UpdateBotCallbackQuery);
    const peer = await anna.getInputEntity('desk_bot');
    const answer = anna.invoke(new Api.messages.GetBotCallbackAnswer({ peer, msgId: 2, data }));
    const { queryId } = await query;
    await bot.invoke(new Api.messages.SetBotCallbackAnswer({ queryId, message: 'noted', cacheTime: 0 }));
    expect((await answer).message).to.equal('noted');
  });

  it('O2 a blocked bot is told so, and learns of it on qts', async () => {
    greet('hi');
    const bot = await town.asBot(town.bot);
    const stopped = next(bot, Api.UpdateBotStopped);
    town.telegram.world.actAs(town.anna).block(town.bot.id);
    expect((await stopped).qts).to.equal(1);
    const refused = await bot.sendMessage(town.anna.id, { message: 'x' }).catch((error: unknown) => error);
    expect(String(refused)).to.contain('USER_IS_BLOCKED');
  });

  it('O2 another account’s access hash opens nothing', async () => {
    const bot = await town.asBot(town.bot);
    const peer = new Api.InputPeerUser({ userId: bigInt(town.boris.id), accessHash: bigInt(5) });
    const refused = await bot
      .invoke(new Api.messages.SendMessage({ peer, message: 'x', randomId: bigInt(1) }))
      .catch((error: unknown) => String(error));
    expect(refused).to.contain('PEER_ID_INVALID');
  });
});
