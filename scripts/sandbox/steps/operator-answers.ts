import { cast } from '../cast.js';
import { photo, shown } from '../samples.js';
import type { Step } from '../story.js';

export const operatorAnswers: Step = {
  title: 'The operator answers with text, a photo and an album: the client gets them, 👌 appears',
  async play({ control, eyes, sees }) {
    const [topic = 0] = await eyes.topics('Ann');
    const [one, two, three] = [photo('blue'), photo('green'), photo('red')];
    await control.send('Olga', cast.group, { topic, text: 'Until six today.' });
    await control.send('Olga', cast.group, { topic, text: 'This is the door.', file: one });
    await control.sendAlbum('Olga', cast.group, [two, three], { topic, text: 'And the way.' });
    await sees(eyes.chat('Ann', 'Shop'), [
      'Shop: Until six today.',
      `Shop: [${shown(one)}] This is the door.`,
      `Shop: [${shown(two)} ⧉] And the way.`,
      `Shop: [${shown(three)} +]`,
    ]);
    await sees(eyes.topic('Ann'), [
      'Olga: Until six today. 👌',
      `Olga: [${shown(one)}] This is the door. 👌`,
      `Olga: [${shown(two)} ⧉] And the way. 👌`,
      `Olga: [${shown(three)} +]`,
    ]);
  },
};
