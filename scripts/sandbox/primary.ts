/** The company's own bot, as a process: the primary, which knows nothing of the gateway. Prints one line when it listens. */

import { Bot } from 'grammy';

const bot = new Bot(process.env['BOT_TOKEN'] ?? '', {
  client: { apiRoot: process.env['BOT_API_ROOT'] ?? '' },
});

bot.on('message:photo', (context) => context.reply('What a nice photo!'));
bot.on('message:text', (context) => context.reply(`You wrote: ${context.message.text}`));
bot.on('message', (context) => context.reply('Thank you!'));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bot.stop());

await bot.start({
  onStart: ({ username }) => void process.stdout.write(`${JSON.stringify({ ready: true, bot: username })}\n`),
});
