import type { Sequenced } from './box.js';
import type { Account, Body, Channel } from './model.js';
import { isAdmin } from './rights.js';

/**
 * A channel event as this member gets it, or undefined. People see everything. A bot never sees what other bots
 * write (the bot-to-bot mode of 2026 is off); with privacy on and no admin rights it sees only commands, mentions,
 * replies to itself and service messages. (Bot FAQ, "What messages will my bot get?")
 */
export function sees(viewer: Account, channel: Channel, event: Sequenced): Sequenced | undefined {
  if (!viewer.bot) return event;
  switch (event.kind) {
    case 'message':
    case 'edit':
      return seesBody(viewer, channel, event.message.body) ? event : undefined;
    case 'delete': {
      const messages = event.messages.filter(({ body }) => seesBody(viewer, channel, body));
      return messages.length > 0 ? { ...event, messages } : undefined;
    }
    case 'pins':
      return event;
    case 'read-inbox':
    case 'read-outbox':
      return undefined;
  }
}

/** Whether the member may know of the message at all. */
export function seesBody(viewer: Account, channel: Channel, body: Body): boolean {
  const { bot } = viewer;
  if (!bot || body.authorId === viewer.id) return true;
  if (body.byBot) return false;
  if (!bot.privacy || body.action || isAdmin(channel, viewer.id)) return true;
  return isFor(viewer, body);
}

/** A command without a name or with the bot's, a mention, or a reply to the bot. */
function isFor(bot: Account, body: Body): boolean {
  if (body.reply?.to.authorId === bot.id) return true;
  const name = `@${bot.username ?? ''}`.toLowerCase();
  return body.entities.some((entity) => {
    const offset = Number(entity['offset']);
    const text = body.text.slice(offset, offset + Number(entity['length'])).toLowerCase();
    if (entity._ === 'messageEntityMention') return text === name;
    return entity._ === 'messageEntityBotCommand' && (!text.includes('@') || text.endsWith(name));
  });
}
