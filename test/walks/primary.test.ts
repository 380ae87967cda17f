import { expect } from 'chai';
import { Bot } from 'grammy';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

describe("a bot's own program, written with grammY", () => {
  let stage: Stage;
  let primary: Bot;
  beforeEach(async () => {
    stage = await openStage();
    primary = new Bot(stage.cast.shop.bot?.token ?? '', { client: { apiRoot: stage.telegram.botApiRoot } });
    primary.command('start', (context) => context.reply('Welcome to the shop'));
    primary.on('message:photo', (context) => context.reply('A nice picture'));
    primary.on('message:text', (context) => context.reply(`You wrote: ${context.message.text}`));
    await primary.init();
    void primary.start();
    await stage.connectBot();
    await stage.start();
  });
  afterEach(async () => {
    await primary.stop();
    await stage.close();
  });

  it('C1 M1 it keeps answering, and every message of both sides stands in the topic once and in order', async () => {
    const { world } = stage.telegram;
    const { ann, shop } = stage.cast;
    const there = { kind: 'user' as const, id: shop.id };
    const say = async (text: string, answers: number): Promise<void> => {
      world.actAs(ann).send(there, { text });
      await until(() => fromShop(stage).length === answers, `answer ${answers}`);
    };
    await say('/start', 1);
    await say('prices?', 2);
    world
      .actAs(ann)
      .send(there, { text: '', media: { kind: 'photo', file: world.files.photo([Buffer.from('cat')]) } });
    await until(() => fromShop(stage).length === 3, 'the answer to the picture');
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length >= 6, 'six posts');
    expect(stage.posts(topic)).to.deep.equal([
      '/start',
      '🤖 Welcome to the shop',
      'prices?',
      '🤖 You wrote: prices?',
      '[photo]',
      '🤖 A nice picture',
    ]);
  });

  it('C1 F3 an operator answers while the program runs, and the program is not disturbed', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'a person, please' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 2, 'question and answer');
    const answer = world.actAs(olga).send({ kind: 'channel', id: group.id }, { text: 'I am Olga', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark');
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello Olga' });
    await until(() => fromShop(stage).length === 3, "the program's next answer");
    expect(fromShop(stage)).to.deep.equal([
      'You wrote: a person, please',
      'I am Olga',
      'You wrote: hello Olga',
    ]);
    await until(() => stage.posts(topic).length === 5, 'all five');
    expect(stage.posts(topic)).to.deep.equal([
      'a person, please',
      '🤖 You wrote: a person, please',
      'I am Olga',
      'hello Olga',
      '🤖 You wrote: hello Olga',
    ]);
  });
});

/** What Ann got from the bot, whoever wrote it. */
function fromShop({ cast }: Stage): string[] {
  return [...cast.ann.box.messages.values()]
    .filter(({ body }) => body.authorId === cast.shop.id)
    .map(({ body }) => body.text);
}
