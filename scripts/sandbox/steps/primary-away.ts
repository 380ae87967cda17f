import { cast } from '../cast.js';
import type { Step } from '../story.js';

export const primaryAway: Step = {
  title: 'The primary is killed: clients go on writing and the operator answers; then it is revived',
  async play({ control, eyes, primary, sees, holds }) {
    const [topic = 0] = await eyes.topics('Ann');
    await primary.kill();
    await holds('(the primary is dead)', () => !primary.alive);
    const words = ['Anybody there?', 'I can wait.', 'Hello?'];
    for (const text of words) await control.send('Ann', 'shop_bot', { text });
    await sees(
      eyes.topic('Ann'),
      words.map((text) => `Desk: ${text}`),
    );
    await control.send('Olga', cast.group, { topic, text: 'We are here.' });
    await sees(eyes.topic('Ann'), ['Olga: We are here. 👌']);
    await sees(eyes.chat('Ann', 'Shop'), [...words.map((text) => `Ann: ${text}`), 'Shop: We are here.']);

    await primary.start();
    await holds('(the primary is back)', () => primary.alive);
    await sees(
      eyes.chat('Ann', 'Shop'),
      words.map((text) => `Shop: You wrote: ${text}`),
    );
    await sees(
      eyes.topic('Ann'),
      words.map((text) => `Desk: 🤖 You wrote: ${text}`),
    );
  },
};
