import { edit } from './acts/edit.js';
import { erase } from './acts/erase.js';
import { copy, forward } from './acts/forward.js';
import { deleteChannel, rename, toggleForum } from './acts/group.js';
import { createChannel, invite, join, kick, leave, member, promote } from './acts/members.js';
import { block, introduce } from './acts/person.js';
import { pin, unpinAll } from './acts/pin.js';
import { press } from './acts/press.js';
import { react } from './acts/react.js';
import { read, typing } from './acts/read.js';
import { send, sendAlbum } from './acts/send.js';
import { createTopic, deleteTopic, editTopic, pinTopic } from './acts/topics.js';
import type { Actor } from './actor.js';
import type { WorldEvent } from './events.js';
import type { Account } from './model.js';
import { Turn } from './turn.js';
import type { WorldState } from './state.js';

/** Binds the operations of `acts/` to one account: each call is a turn of its own, told when it is over. */
export function actor(world: WorldState, self: Account, origin?: object): Actor {
  const own: WorldEvent[] = [];
  const act =
    <Args extends unknown[], Value>(operation: (turn: Turn, ...args: Args) => Value) =>
    (...args: Args): Value => {
      const turn = new Turn(world, self, origin);
      const value = operation(turn, ...args);
      own.push(...turn.finish());
      return value;
    };
  return {
    self,
    own,
    send: act(send),
    sendAlbum: act(sendAlbum),
    forward: act((turn, from, ids, to, options = {}) => forward(turn, from, ids, to, options)),
    copy: act((turn, from, id, to, draft = {}) => copy(turn, from, id, to, draft)),
    edit: act(edit),
    delete: act((turn, peer, ids, revoke = true) => erase(turn, peer, ids, revoke)),
    react: act((turn, peer, id, reactions, big = false) => react(turn, peer, id, reactions, big)),
    pin: act((turn, peer, id, options = {}) => pin(turn, peer, id, options)),
    unpinAll: act(unpinAll),
    read: act(read),
    typing: act(typing),
    createTopic: act(createTopic),
    editTopic: act(editTopic),
    deleteTopic: act(deleteTopic),
    pinTopic: act(pinTopic),
    press: act(press),
    answerCallback: (queryId, answer) => world.callbacks.answer(self.id, queryId, answer),
    createChannel: act(createChannel),
    invite: act(invite),
    join: act(join),
    leave: act(leave),
    kick: act(kick),
    promote: act(promote),
    toggleForum: act(toggleForum),
    rename: act(rename),
    deleteChannel: act(deleteChannel),
    member: act(member),
    block: act((turn, userId, blocked = true) => block(turn, userId, blocked)),
    introduce: act(introduce),
  };
}
