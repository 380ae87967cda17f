/** Lets people write. An operator waits for the dialog's topic before he can answer in it. */

import type { LocalTelegram } from '../../../test/emulator/telegram.js';
import type { Draft } from '../../../test/emulator/world/actor.js';
import type { Cast } from '../stage/cast.js';
import { liveTopic } from '../stage/topics.js';
import type { Record } from './record.js';
import type { Line } from './script.js';

export interface Hands {
  write(line: Line): void;
  /** Operators' lines that wait for a topic. */
  waiting(): number;
  close(): void;
}

const lookEveryMs = 20;

export function handsOf({ world }: LocalTelegram, cast: Cast, record: Record): Hands {
  const waiting = new Map<string, Line[]>();

  function draftOf({ token, fileBytes }: Line): Draft {
    if (fileBytes === undefined) return { text: `${token} says something` };
    const bytes = Buffer.alloc(fileBytes, token);
    const facts = { mimeType: 'application/octet-stream', attributes: [] };
    return {
      text: `${token} a file`,
      media: { kind: 'document', file: world.files.document([bytes], facts) },
    };
  }

  /** False: the operator sees no topic to write in. */
  function answer(line: Line): boolean {
    const topic = liveTopic(cast.group, line.dialog);
    if (topic === undefined) return false;
    record.wrote(line);
    world
      .actAs(cast.operator)
      .send({ kind: 'channel', id: cast.group.id }, { ...draftOf(line), topic: topic.id });
    return true;
  }

  const timer = setInterval(() => {
    for (const [dialog, lines] of waiting) {
      while (lines[0] !== undefined && answer(lines[0])) lines.shift();
      if (lines.length === 0) waiting.delete(dialog);
    }
  }, lookEveryMs);

  return {
    write(line) {
      const dialog = cast.dialogs.get(line.dialog);
      if (dialog === undefined) throw new Error(`no dialog ${line.dialog}`);
      const { client, connection } = dialog;
      if (line.voice === 'operator') {
        const queue = waiting.get(line.dialog);
        if (queue !== undefined) queue.push(line);
        else if (!answer(line)) waiting.set(line.dialog, [line]);
        return;
      }
      record.wrote(line);
      const [from, to] = line.voice === 'client' ? [client, connection] : [connection, client];
      world.actAs(from).send({ kind: 'user', id: to.id }, draftOf(line));
    },
    waiting: () => [...waiting.values()].reduce((sum, lines) => sum + lines.length, 0),
    close: () => clearInterval(timer),
  };
}
