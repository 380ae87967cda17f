/** What people see: a client's chat or a topic of the group, one line per message. Files are shown with the sha256 of their bytes. */

import { cast } from './cast.js';
import type { Control, Media, Message, World } from './control.js';

export interface Place {
  readonly name: string;
  read(): Promise<string[]>;
}

export interface Eyes {
  /** A client's chat, as the client sees it. */
  chat(client: string, other: string): Place;
  /** The topic of a client; every open topic of that title, one after the other. */
  topic(title: string): Place;
  /** The messages behind the lines, for replies. */
  messagesOf(where: { client: string; other: string } | { topic: string }): Promise<readonly Message[]>;
  /** Ids of the open topics of that title. */
  topics(title: string): Promise<number[]>;
}

export function openEyes(control: Control): Eyes {
  const hashes = new Map<string, string>();

  async function hashOf({ file }: Media): Promise<string> {
    if (file === undefined) return '';
    const known = hashes.get(file) ?? (await control.sha256(file));
    hashes.set(file, known);
    return ` #${known}`;
  }

  const lines = async (messages: readonly Message[]): Promise<string[]> => {
    const shown: string[] = [];
    for (const [index, message] of messages.entries()) {
      const { media, groupedId, replyTo, reactions = [] } = message;
      const album = groupedId === undefined ? '' : groupedId === messages[index - 1]?.groupedId ? ' +' : ' ⧉';
      const replied = messages.find(({ id }) => id === replyTo);
      shown.push(
        [
          `${message.from.name}:`,
          ...(media === undefined ? [] : [`[${media.kind} ${media.size} B${await hashOf(media)}${album}]`]),
          ...(message.text === '' ? [] : [headOf(message.text)]),
          // In a forum every post answers the topic's own first message, which is no reply to anybody.
          ...(replied === undefined || replied.action !== undefined ? [] : [`↩ "${wordsOf(replied)}"`]),
          ...reactions.map(({ emoji }) => emoji),
        ].join(' '),
      );
    }
    return shown;
  };

  return {
    chat: (client, other) => ({
      name: `${client}'s chat with ${other}`,
      read: async () => lines(chatIn(await control.world(), client, other)),
    }),
    topic: (title) => ({
      name: `topic "${title}"`,
      read: async () => {
        const messages = topicsIn(await control.world(), title).flatMap((topic) => topic.messages);
        return lines(messages.filter(({ action }) => action === undefined));
      },
    }),
    messagesOf: async (where) => {
      const world = await control.world();
      return 'topic' in where
        ? topicsIn(world, where.topic).flatMap(({ messages }) => messages)
        : chatIn(world, where.client, where.other);
    },
    topics: async (title) => topicsIn(await control.world(), title).map(({ id }) => id),
  };
}

/** Hashes are compared whole and shown short. */
export function short(line: string): string {
  return line.replace(/#([\da-f]{8})[\da-f]{56}/g, '#$1…');
}

function chatIn({ users }: World, client: string, other: string): readonly Message[] {
  const user = users.find(({ firstName }) => firstName === client);
  return user?.chats.find(({ name }) => name === other)?.messages ?? [];
}

function topicsIn({ groups }: World, title: string) {
  const group = groups.find((one) => one.title === cast.group);
  return group?.topics.filter((topic) => topic.title === title && !topic.deleted) ?? [];
}

/** The card has several lines; its first one says whose it is. */
function headOf(text: string): string {
  return text.startsWith('👤') ? (text.split('\n')[0] ?? '') : text.replaceAll('\n', ' / ');
}

function wordsOf({ text, media }: Message): string {
  return text === '' ? `[${media?.kind ?? ''}]` : headOf(text);
}
