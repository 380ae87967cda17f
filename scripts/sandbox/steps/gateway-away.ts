import { cast } from '../cast.js';
import type { Scene, Step } from '../story.js';
import { mirrored } from './mirrored.js';

const limitMs = 45_000;

export const gatewayAway: Step = {
  title:
    'The gateway is killed with -9 in the middle of a burst and started again: nothing lost, repeated or out of order',
  async play(scene) {
    const { control, eyes, gateway, holds, fresh } = scene;
    await burst(scene, 1, 15);
    await holds('(some of the burst has arrived)', async () => (await fresh(eyes.topic('Ann'))).length >= 3);
    await Promise.all([gateway.kill(), burst(scene, 16, 25)]);
    await holds('(the gateway is dead)', () => !gateway.alive);
    // Nobody posts now: the operator's words stand behind what is there.
    const annAt = (await fresh(eyes.topic('Ann'))).length;
    const bobAt = (await fresh(eyes.topic('Bob'))).length;
    const [annTopic = 0, bobTopic = 0] = [...(await eyes.topics('Ann')), ...(await eyes.topics('Bob'))];
    await control.send('Olga', cast.group, { topic: annTopic, text: 'Ann, one moment.' });
    await control.send('Olga', cast.group, { topic: bobTopic, text: 'Bob, one moment.' });
    await Promise.all([gateway.start(), burst(scene, 26, 35)]);
    await holds('(the gateway is back)', () => gateway.alive);

    await settled(scene, { client: 'Ann', other: 'Shop', mark: '🤖', total: 35 * 2, at: annAt });
    await settled(scene, { client: 'Bob', other: 'Max', mark: '📱', total: 35 + 7, at: bobAt });
  },
};

/** Both clients write, and now and then the owner of the account; the bot's primary answers by itself. */
async function burst({ control }: Scene, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) {
    await control.send('Ann', 'shop_bot', { text: `question ${n}` });
    await control.send('Bob', 'max', { text: `question ${n}` });
    if (n % 5 === 0) await control.send('Max', 'bob', { text: `answer ${n}` });
  }
}

/** The chat holds everything once; the topic shows it in the chat's own order, with the operator's words where they were written. */
async function settled(
  { eyes, fresh, holds, sees }: Scene,
  all: { client: string; other: string; mark: '🤖' | '📱'; total: number; at: number },
): Promise<void> {
  const { client, other, mark, total, at } = all;
  const moment = `${client}, one moment.`;
  const chat = eyes.chat(client, other);
  const isOperators = (line: string): boolean => line === `${other}: ${moment}`;
  await holds(
    `(${client} has everything: ${total} lines of the chat and the operator's one)`,
    async () => {
      const lines = await fresh(chat);
      return lines.length === total + 1 && lines.filter(isOperators).length === 1;
    },
    limitMs,
  );
  const lines = await fresh(chat);
  await sees(chat, lines, 0);
  const posts = mirrored(
    lines.filter((line) => !isOperators(line)),
    client,
    mark,
  );
  await sees(eyes.topic(client), posts.toSpliced(at, 0, `Olga: ${moment} 👌`), limitMs);
}
