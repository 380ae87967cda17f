import type { Step } from '../story.js';

/** Order is strict inside a dialog: when the last words have arrived, a late copy of anything before would stand there too. */
export const lastLook: Step = {
  title: 'Everybody says goodbye: nothing has come late, twice or to the wrong place',
  async play({ control, eyes, sees }) {
    for (const client of ['Ann', 'Cleo', 'Dan']) await control.send(client, 'shop_bot', { text: 'Bye' });
    await control.send('Bob', 'max', { text: 'Bye' });
    for (const client of ['Ann', 'Cleo', 'Dan']) {
      await sees(eyes.chat(client, 'Shop'), [`${client}: Bye`, 'Shop: You wrote: Bye']);
      await sees(eyes.topic(client), ['Desk: Bye', 'Desk: 🤖 You wrote: Bye']);
    }
    await sees(eyes.chat('Bob', 'Max'), ['Bob: Bye']);
    await sees(eyes.topic('Bob'), ['Desk: Bye']);
  },
};
