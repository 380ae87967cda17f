/** The first post of a topic: who the client is, and through which connection they came. */

import type { Connection } from './connection.js';
import type { FormattedText } from './content.js';
import { plain } from './content.js';
import type { Profile } from './dialog.js';
import { peerParts } from './ids.js';

/** Telegram's limit for a topic's title, UTF-16 units. */
const maxTitleLength = 128;

/** The topic's title: the client's name. */
export function titleOf(profile: Profile): string {
  const name = profile.name.replace(/\s+/g, ' ').trim();
  return (name === '' ? `User ${peerParts(profile.peer).id}` : name).slice(0, maxTitleLength);
}

/** Name, address, id, language, premium, start parameter, connection. */
export function cardOf(profile: Profile, connection: Connection, firstText: string): FormattedText {
  const address = profile.username === undefined ? '' : `@${profile.username} · `;
  const traits = [
    profile.language === undefined ? '' : `language ${profile.language}`,
    profile.premium === true ? 'premium' : '',
    profile.bot === true ? 'a bot' : '',
  ].filter((trait) => trait !== '');
  const start = /^\/start ([\w-]{1,64})$/.exec(firstText)?.[1];
  const lines = [
    `👤 ${titleOf(profile)}`,
    `${address}id ${peerParts(profile.peer).id}`,
    ...(traits.length > 0 ? [traits.join(' · ')] : []),
    ...(start === undefined ? [] : [`start: ${start}`]),
    `via ${connection.kind === 'bot' ? '🤖' : '📱'} ${connection.name}${connection.username === undefined ? '' : ` (@${connection.username})`}`,
  ];
  return plain(lines.join('\n'));
}
