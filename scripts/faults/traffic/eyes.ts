/** Tells the record what appears before the operator and before each client, the moment it appears. */

import type { LocalTelegram } from '../../../test/emulator/telegram.js';
import type { Message } from '../../../test/emulator/world/model.js';
import type { Cast } from '../stage/cast.js';
import type { Record } from './record.js';

/** Answers how to stop looking. */
export function openEyes({ world }: LocalTelegram, cast: Cast, record: Record): () => void {
  const clients = new Map([...cast.dialogs.values()].map((dialog) => [dialog.client.id, dialog]));

  function inGroup({ body }: Message): void {
    if (body.authorId !== cast.desk.id) return;
    if (body.action === undefined) {
      record.seenInTopic(cast.group.topics.get(body.topic ?? 1)?.title ?? '', body.text);
      return;
    }
    const title = body.action['title'];
    const live = [...cast.group.topics.values()].filter((topic) => topic.title === title && !topic.deleted);
    if (typeof title === 'string' && live.length > 1) record.surplusTopic(title);
  }

  return world.listen(({ accountId, events }) => {
    for (const event of events) {
      if (event.kind !== 'message') continue;
      const { message } = event;
      if (accountId === cast.operator.id && message.peer.kind === 'channel') inGroup(message);
      const dialog = clients.get(accountId);
      if (message.body.authorId !== dialog?.connection.id) continue;
      // What the bot's program or the account's owner writes is not our work.
      if (!message.body.text.includes('-primary-')) record.seenInChat(dialog.name, message.body.text);
    }
  });
}
