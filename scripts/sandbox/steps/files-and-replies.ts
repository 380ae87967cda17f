import { cast } from '../cast.js';
import { document, photo, shown } from '../samples.js';
import type { Step } from '../story.js';

const megabyte = 1024 * 1024;

export const filesAndReplies: Step = {
  title:
    'Files of some megabytes arrive byte for byte both ways; replies point at the same words on both sides',
  async play({ control, eyes, sees }) {
    const [topic = 0] = await eyes.topics('Ann');
    const plan = document('plan.pdf', 3 * megabyte);
    const offer = document('offer.pdf', 4 * megabyte + 17);
    const face = photo('green');

    await control.send('Ann', 'shop_bot', { text: 'My plan', file: plan });
    await sees(eyes.chat('Ann', 'Shop'), [`Ann: [${shown(plan)}] My plan`, 'Shop: Thank you!']);
    await sees(eyes.topic('Ann'), [`Desk: [${shown(plan)}] My plan`, 'Desk: 🤖 Thank you!']);

    const posts = await eyes.messagesOf({ topic: 'Ann' });
    const post = posts.find(({ text }) => text === 'My plan');
    await control.send('Olga', cast.group, { topic, text: 'Our offer', file: offer, replyTo: post?.id ?? 0 });
    await sees(eyes.chat('Ann', 'Shop'), [`Shop: [${shown(offer)}] Our offer ↩ "My plan"`]);
    await sees(eyes.topic('Ann'), [`Olga: [${shown(offer)}] Our offer ↩ "My plan" 👌`]);

    const chat = await eyes.messagesOf({ client: 'Ann', other: 'Shop' });
    const message = chat.find(({ text }) => text === 'Our offer');
    await control.send('Ann', 'shop_bot', { text: 'Agreed', file: face, replyTo: message?.id ?? 0 });
    await sees(eyes.chat('Ann', 'Shop'), [
      `Ann: [${shown(face)}] Agreed ↩ "Our offer"`,
      'Shop: What a nice photo!',
    ]);
    await sees(eyes.topic('Ann'), [
      `Desk: [${shown(face)}] Agreed ↩ "Our offer"`,
      'Desk: 🤖 What a nice photo!',
    ]);
  },
};
