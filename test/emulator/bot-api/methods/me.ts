import type { Tl } from '../../types.js';
import type { Call, Method } from '../call.js';
import { badRequest } from '../errors.js';
import type { Json } from '../../http/json.js';
import { userJson } from '../render/chat.js';

/** The bot itself and its settings. */
export const ME: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) => ({
    ...userJson(bot),
    can_join_groups: bot.bot.canJoinGroups,
    can_read_all_group_messages: !bot.bot.privacy,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  }),
  // Both only mean something to a bot that moves between servers.
  logOut: () => true,
  close: () => true,
  setMyCommands: (call) => {
    call.bot.bot.commands.set(scopeOf(call), (call.params.objects('commands') ?? []).map(commandTl));
    return true;
  },
  deleteMyCommands: (call) => {
    call.bot.bot.commands.delete(scopeOf(call));
    return true;
  },
  getMyCommands: (call) => (call.bot.bot.commands.get(scopeOf(call)) ?? []).map(commandJson),
};

/** TL scope by the Bot API's; as on the MTProto side, scopes are kept apart by kind, not by chat. */
const SCOPES: Readonly<Record<string, string>> = {
  default: 'botCommandScopeDefault',
  all_private_chats: 'botCommandScopeUsers',
  all_group_chats: 'botCommandScopeChats',
  all_chat_administrators: 'botCommandScopeChatAdmins',
  chat: 'botCommandScopePeer',
  chat_administrators: 'botCommandScopePeerAdmins',
  chat_member: 'botCommandScopePeerUser',
};

function scopeOf({ params }: Call): string {
  const type = params.object('scope')?.text('type') ?? 'default';
  const scope = SCOPES[type];
  if (!scope) throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  return `${scope}|${params.text('language_code') ?? ''}`;
}

function commandTl(command: { requiredText: (name: string) => string }): Tl {
  return {
    _: 'botCommand',
    command: command.requiredText('command').replace(/^\//, ''),
    description: command.requiredText('description'),
  };
}

function commandJson({ command, description }: Tl): Json {
  return { command, description };
}
