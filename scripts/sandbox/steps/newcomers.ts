import type { Step } from '../story.js';
import { mirrored } from './mirrored.js';

export const newcomers: Step = {
  title: 'Two newcomers, each with two first messages at once: one topic each',
  async play({ control, eyes, sees, fresh, holds }) {
    const say = (who: string, text: string): Promise<number> => control.send(who, 'shop_bot', { text });
    await Promise.all([say('Cleo', 'one'), say('Cleo', 'two'), say('Dan', 'uno'), say('Dan', 'due')]);
    for (const client of ['Cleo', 'Dan']) {
      const chat = eyes.chat(client, 'Shop');
      await holds(`(the primary has answered ${client})`, async () => (await fresh(chat)).length === 4);
      const lines = await fresh(chat);
      await sees(chat, lines, 0);
      await sees(eyes.topic(client), [`Desk: 👤 ${client}`, ...mirrored(lines, client, '🤖')]);
      await holds(`(one topic "${client}")`, async () => (await eyes.topics(client)).length === 1, 0);
    }
  },
};
