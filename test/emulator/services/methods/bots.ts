import { RpcError, type Tl } from '../../types.js';
import type { BotFacts } from '../../world/model.js';
import type { Signed, SignedAsk } from '../ask.js';
import { maybeText, object, objects, text } from '../fields.js';

/** A bot's own settings. Scopes are kept apart by kind, not by peer. */
export const BOTS: Readonly<Record<string, Signed>> = {
  'bots.setBotCommands': (ask) => {
    facts(ask).commands.set(scope(ask), objects(ask.request, 'commands'));
    return true;
  },
  'bots.getBotCommands': (ask) => facts(ask).commands.get(scope(ask)) ?? [],
  'bots.resetBotCommands': (ask) => {
    facts(ask).commands.delete(scope(ask));
    return true;
  },
  'bots.setBotMenuButton': (ask) => {
    facts(ask).menuButton = object(ask.request, 'button');
    return true;
  },
  'bots.getBotMenuButton': (ask) => facts(ask).menuButton ?? { _: 'botMenuButtonDefault' },
  'bots.setBotInfo': (ask) => {
    const bot = facts(ask);
    const name = maybeText(ask.request, 'name');
    bot.about = maybeText(ask.request, 'about') ?? bot.about ?? '';
    bot.description = maybeText(ask.request, 'description') ?? bot.description ?? '';
    if (name !== undefined) ask.actor.introduce({ firstName: name });
    return true;
  },
  'bots.getBotInfo': (ask): Tl => {
    const { about, description } = facts(ask);
    const { firstName } = ask.self;
    return { _: 'bots.botInfo', name: firstName, about: about ?? '', description: description ?? '' };
  },
};

function facts(ask: SignedAsk): BotFacts {
  if (!ask.self.bot) throw new RpcError(400, 'USER_BOT_REQUIRED');
  return ask.self.bot;
}

function scope({ request }: SignedAsk): string {
  return `${object(request, 'scope')._}|${text(request, 'lang_code')}`;
}
