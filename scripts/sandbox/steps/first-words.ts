import type { Step } from '../story.js';

export const firstWords: Step = {
  title: 'A client writes to the bot, its primary answers: both stand in the topic once, in order',
  async play({ control, eyes, sees }) {
    await control.send('Ann', 'shop_bot', { text: 'Hello, are you open?' });
    await sees(eyes.chat('Ann', 'Shop'), [
      'Ann: Hello, are you open?',
      'Shop: You wrote: Hello, are you open?',
    ]);
    await sees(eyes.topic('Ann'), [
      'Desk: 👤 Ann',
      'Desk: Hello, are you open?',
      'Desk: 🤖 You wrote: Hello, are you open?',
    ]);
  },
};
