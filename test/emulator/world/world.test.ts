import { expect } from 'chai';
import type { Draft } from './actor.js';
import type { Delivery } from './events.js';
import { World } from './world.js';

function town() {
  const world = new World({ limits: { enabled: false } });
  const anna = world.createUser({ firstName: 'Anna' });
  const boris = world.createUser({ firstName: 'Boris' });
  const admin = world.createBot({ firstName: 'Admin', username: 'admin_bot' });
  const plain = world.createBot({ firstName: 'Plain', username: 'plain_bot' });
  const open = world.createBot({ firstName: 'Open', username: 'open_bot', privacy: false });
  const group = world.createGroup({
    title: 'G',
    creator: anna.id,
    members: [boris.id, plain.id, open.id],
    admins: [{ id: admin.id }],
  });
  const told: Delivery[] = [];
  world.listen((delivery) => told.push(delivery));
  const place = { kind: 'channel' as const, id: group.id };
  const heard = (id: number): number => told.filter(({ accountId }) => accountId === id).length;
  return { world, anna, boris, admin, plain, open, group, place, told, heard };
}

const user = (id: number) => ({ kind: 'user' as const, id });

describe('the world of the local Telegram', () => {
  it('O2 a bot with privacy hears commands, mentions and replies to itself; admins and open bots hear people', () => {
    const { world, anna, admin, plain, open, place, heard } = town();
    const say = (draft: Draft) => world.actAs(anna).send(place, draft);
    say({ text: 'hello' });
    say({ text: '/help' });
    say({ text: '/help@plain_bot' });
    say({ text: '/help@admin_bot' });
    say({ text: 'hi @plain_bot' });
    expect([heard(plain.id), heard(admin.id), heard(open.id)]).to.deep.equal([3, 5, 5]);
    const own = world.actAs(plain).send(place, { text: 'I am a bot' });
    say({ text: 'really', replyTo: { id: own.id } });
    expect([heard(plain.id), heard(admin.id)]).to.deep.equal([5, 6]);
  });

  it('O2 a bot cannot open a conversation and cannot write to a bot', () => {
    const { world, boris, admin, plain } = town();
    expect(() => world.actAs(admin).send(user(boris.id), { text: 'x' })).to.throw('PEER_ID_INVALID');
    expect(() => world.actAs(admin).send(user(plain.id), { text: 'x' })).to.throw('USER_IS_BOT');
    world.actAs(boris).send(user(admin.id), { text: 'hi' });
    world.actAs(admin).send(user(boris.id), { text: 'x' });
  });

  it('O2 a deletion takes both sides and numbers them by the ids of each', () => {
    const { world, anna, boris, told } = town();
    world.actAs(anna).send(user(anna.id), { text: 'mine' });
    world.actAs(anna).send(user(boris.id), { text: 'a' });
    told.length = 0;
    world.actAs(boris).delete(user(anna.id), [1]);
    const ids = told.map(({ accountId, events: [event] }) => [
      accountId,
      event?.kind === 'delete' ? event.messages.map(({ id }) => id) : [],
    ]);
    expect(ids).to.have.deep.members([
      [anna.id, [2]],
      [boris.id, [1]],
    ]);
    expect(anna.box.messages.size + boris.box.messages.size).to.equal(1);
  });

  it('O2 a reply names the message by its id in the reader’s box, and a quote must be exact', () => {
    const { world, anna, boris } = town();
    world.actAs(anna).send(user(anna.id), { text: 'shifts the ids' });
    world.actAs(anna).send(user(boris.id), { text: 'What is the price?' });
    const replyTo = { id: 1, quote: { text: 'the price' } };
    const reply = world.actAs(boris).send(user(anna.id), { text: '5', replyTo });
    expect(reply.body.reply?.to.copies.get(anna.box)).to.equal(2);
    const wrong = { id: 1, quote: { text: 'the PRICE' } };
    expect(() => world.actAs(boris).send(user(anna.id), { text: '5', replyTo: wrong })).to.throw(
      'QUOTE_TEXT_INVALID',
    );
  });

  it('O2 only authors edit, only with a change, and people only within 48 hours', () => {
    const clock = { at: 0, now: () => clock.at, after: () => () => undefined };
    const world = new World({ clock });
    const anna = world.createUser({ firstName: 'A' });
    const boris = world.createUser({ firstName: 'B' });
    world.actAs(anna).send(user(boris.id), { text: 'a' });
    expect(() => world.actAs(boris).edit(user(anna.id), 1, { text: 'b' })).to.throw(
      'MESSAGE_AUTHOR_REQUIRED',
    );
    expect(() => world.actAs(anna).edit(user(boris.id), 1, { text: 'a' })).to.throw('MESSAGE_NOT_MODIFIED');
    world.actAs(anna).edit(user(boris.id), 1, { text: 'b' });
    clock.at = 172_801_000;
    expect(() => world.actAs(anna).edit(user(boris.id), 1, { text: 'c' })).to.throw('TIME_EXPIRED');
  });

  it('O2 albums of mixed kinds are refused; a forwarded album stays one', () => {
    const { world, anna, boris } = town();
    const photo = { media: { kind: 'photo' as const, file: world.files.photo([Buffer.from('x')]) } };
    const paper = {
      media: {
        kind: 'document' as const,
        file: world.files.document([Buffer.from('x')], { mimeType: 'text/plain', attributes: [] }),
      },
    };
    const hands = world.actAs(anna);
    expect(() => hands.sendAlbum(user(boris.id), [photo, paper])).to.throw('MEDIA_GROUPED_INVALID');
    const album = hands.sendAlbum(user(boris.id), [photo, photo]);
    const ids = album.map(({ id }) => id);
    const copies = hands.forward(user(boris.id), ids, user(anna.id));
    expect(new Set(copies.map(({ body }) => body.groupedId)).size).to.equal(1);
    expect(copies[0]?.body.groupedId).to.not.equal(album[0]?.body.groupedId);
    expect(copies[0]?.body.forward?.from).to.deep.equal(user(anna.id));
  });

  it('O2 protected messages can be neither forwarded nor copied', () => {
    const { world, anna, boris } = town();
    const hands = world.actAs(anna);
    const { id } = hands.send(user(boris.id), { text: 'secret', noforwards: true });
    expect(() => hands.forward(user(boris.id), [id], user(anna.id))).to.throw('CHAT_FORWARDS_RESTRICTED');
    expect(() => hands.copy(user(boris.id), id, user(anna.id))).to.throw('CHAT_FORWARDS_RESTRICTED');
  });

  it('O2 an anonymous admin is shown as the group, and admin bots read him', () => {
    const { world, anna, boris, admin, place, heard } = town();
    world.actAs(anna).promote(place.id, boris.id, { anonymous: true });
    const before = heard(admin.id);
    const { body } = world.actAs(boris).send(place, { text: 'the house speaks' });
    expect(body.from).to.deep.equal(place);
    expect(heard(admin.id)).to.equal(before + 1);
  });

  it('O2 pins and members: rights are asked, and admin bots hear of members', () => {
    const { world, anna, boris, admin, group, place, told } = town();
    const { id } = world.actAs(anna).send(place, { text: 'a' });
    expect(() => world.actAs(boris).pin(place, id)).to.throw('CHAT_ADMIN_REQUIRED');
    world.actAs(admin).pin(place, id);
    expect(() => world.actAs(admin).pin(place, id)).to.throw('CHAT_NOT_MODIFIED');
    told.length = 0;
    world.actAs(anna).kick(group.id, boris.id);
    expect(() => world.actAs(boris).send(place, { text: 'x' })).to.throw('CHANNEL_PRIVATE');
    const events = told.filter(({ accountId }) => accountId === admin.id).flatMap((one) => one.events);
    expect(events.map(({ kind }) => kind)).to.deep.equal(['message', 'member']);
    expect(events[1]).to.include({ actorId: anna.id, userId: boris.id, qts: 1 });
  });

  it('O2 reading marks the other side’s messages, for people only', () => {
    const { world, anna, boris, admin, told } = town();
    world.actAs(boris).send(user(anna.id), { text: 'a' });
    world.actAs(boris).send(user(admin.id), { text: 'b' });
    world.actAs(admin).send(user(boris.id), { text: 'c' });
    told.length = 0;
    world.actAs(anna).read(user(boris.id), 0);
    world.actAs(boris).read(user(admin.id), 0);
    const kinds = told.map(({ accountId, events: [event] }) => [accountId, event?.kind]);
    expect(kinds).to.deep.equal([
      [anna.id, 'read-inbox'],
      [boris.id, 'read-outbox'],
      [boris.id, 'read-inbox'],
    ]);
  });

  it('O2 reactions tell people the state and admin bots the change, never one of a bot', () => {
    const { world, anna, boris, admin, open, place, told } = town();
    const { id } = world.actAs(anna).send(place, { text: 'a' });
    told.length = 0;
    world.actAs(boris).react(place, id, [{ _: 'reactionEmoji', emoticon: '👌' }]);
    world.actAs(admin).react(place, id, [{ _: 'reactionEmoji', emoticon: '👍' }]);
    const kinds = (who: number) =>
      told.filter(({ accountId }) => accountId === who).map(({ events }) => events[0]?.kind);
    expect(kinds(anna.id)).to.deep.equal(['reactions', 'reactions']);
    expect(kinds(admin.id)).to.deep.equal(['bot-reaction']);
    expect(kinds(open.id)).to.deep.equal([]);
    expect(() => world.actAs(boris).react(place, id, [{ _: 'reactionEmoji', emoticon: '🪿' }])).to.throw(
      'REACTION_INVALID',
    );
  });

  it('O2 what a listener does in answer is told after everybody heard of the cause', () => {
    const { world, anna, boris } = town();
    const order: string[] = [];
    world.listen(({ accountId, events: [event] }) => {
      if (event?.kind !== 'message') return;
      order.push(`${accountId === anna.id ? 'anna' : 'boris'}:${event.message.body.text}`);
      if (accountId === anna.id && event.message.body.text === 'ping') {
        world.actAs(anna).send(user(boris.id), { text: 'pong' });
      }
    });
    world.actAs(anna).send(user(boris.id), { text: 'ping' });
    expect(order).to.deep.equal(['anna:ping', 'boris:ping', 'anna:pong', 'boris:pong']);
  });
});
