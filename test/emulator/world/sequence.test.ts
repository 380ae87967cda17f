import { expect } from 'chai';
import fc from 'fast-check';
import { RpcError } from '../types.js';
import type { Actor } from './actor.js';
import type { WorldEvent } from './events.js';
import { World } from './world.js';

const user = (id: number) => ({ kind: 'user' as const, id });

describe('the sequences of the local Telegram', () => {
  it('O2 whatever happens, each box is told without gap or overlap, and its log rebuilds it', () => {
    const step = fc.record({
      who: fc.nat(2),
      to: fc.nat(2),
      act: fc.constantFrom('send', 'group', 'edit', 'delete', 'pin', 'read', 'forward', 'topic'),
      id: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const world = new World({ limits: { enabled: false } });
        const people = ['A', 'B', 'C'].map((firstName) => world.createUser({ firstName }));
        const ids = people.map(({ id }) => id);
        const group = world.createGroup({ title: 'G', creator: ids[0] ?? 0, forum: true, members: ids });
        const told = new Map<string, WorldEvent[]>();
        world.listen(({ accountId, events }) => {
          for (const event of events) {
            if (!('pts' in event) || event.count === 0) continue;
            const key = `${accountId} ${boxOf(event)}`;
            told.set(key, [...(told.get(key) ?? []), event]);
          }
        });
        for (const { who, to, act, id } of steps) {
          perform(world.actAs(ids[who] ?? 0), ids[to] ?? 0, group.id, act, id);
        }
        for (const [key, events] of told) {
          let pts = 1;
          for (const event of events) {
            if (!('pts' in event)) continue;
            expect(event.pts, key).to.equal(pts + event.count);
            ({ pts } = event);
          }
        }
        for (const box of [group.box, ...people.map((person) => person.box)]) {
          const alive = new Set<number>();
          for (const event of box.since(1)) {
            if (event.kind === 'message') alive.add(event.message.id);
            if (event.kind === 'delete') for (const { id } of event.messages) alive.delete(id);
          }
          expect([...alive]).to.deep.equal([...box.messages.keys()]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function boxOf(event: Extract<WorldEvent, { pts: number }>): string {
  if ('message' in event) return event.message.peer.kind === 'channel' ? 'channel' : 'common';
  if ('peer' in event) return event.peer.kind === 'channel' ? 'channel' : 'common';
  return event.channel ? 'channel' : 'common';
}

/** Refusals are part of the game; anything but an RpcError is not. */
function perform(actor: Actor, other: number, groupId: number, act: string, id: number): void {
  const group = { kind: 'channel' as const, id: groupId };
  const place = id % 2 === 0 ? group : user(other);
  try {
    if (act === 'send') actor.send(user(other), { text: String(id) });
    if (act === 'group') actor.send(group, { text: String(id), replyTo: { id } });
    if (act === 'edit') actor.edit(place, id, { text: `edited ${id}` });
    if (act === 'delete') actor.delete(place, [id, id + 1], id % 3 > 0);
    if (act === 'pin') actor.pin(place, id);
    if (act === 'read') actor.read(place, id);
    if (act === 'forward') actor.forward(place, [id], user(other));
    if (act === 'topic') actor.createTopic(groupId, { title: String(id) });
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
}
