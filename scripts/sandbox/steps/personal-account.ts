import { cast } from '../cast.js';
import type { Step } from '../story.js';

export const personalAccount: Step = {
  title: 'A personal account: its owner answers from the phone, the operator from the group',
  async play({ control, eyes, sees }) {
    await control.send('Bob', 'max', { text: 'Max, is my order ready?' });
    await control.send('Max', 'bob', { text: 'I am driving, the team will help.' });
    await sees(eyes.topic('Bob'), [
      'Desk: 👤 Bob',
      'Desk: Max, is my order ready?',
      'Desk: 📱 I am driving, the team will help.',
    ]);
    const [topic = 0] = await eyes.topics('Bob');
    await control.send('Olga', cast.group, { topic, text: 'It is, come by.' });
    await sees(eyes.topic('Bob'), ['Olga: It is, come by. 👌']);
    await sees(eyes.chat('Bob', 'Max'), [
      'Bob: Max, is my order ready?',
      'Max: I am driving, the team will help.',
      'Max: It is, come by.',
    ]);
  },
};
