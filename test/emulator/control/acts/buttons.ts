import type { Tl } from '../../types.js';
import type { Actor } from '../../world/actor.js';
import type { Peer } from '../../world/model.js';
import type { Ask } from '../act.js';
import { ControlError } from '../input.js';

/** The data of the inline button with these words, in a message as the actor has it. */
export function buttonOf({ world, input }: Ask, actor: Actor, place: Peer, id: number): Buffer {
  const words = input.text('button');
  const box = place.kind === 'channel' ? world.channel(place.id).box : actor.self.box;
  const rows = (box.messages.get(id)?.body.markup?.['rows'] ?? []) as Tl[];
  const buttons = rows.flatMap((row) => (row['buttons'] ?? []) as Tl[]);
  const data = buttons.find(({ text }) => text === words)?.['data'];
  if (!Buffer.isBuffer(data)) throw new ControlError(`Message ${id} has no button "${words}" to press.`);
  return data;
}
