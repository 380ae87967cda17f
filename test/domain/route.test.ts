import { expect } from 'chai';
import type { Connection, Owner } from '../../src/domain/connection.js';
import { plain } from '../../src/domain/content.js';
import type { Dialog } from '../../src/domain/dialog.js';
import type { MessageEvent } from '../../src/domain/event.js';
import { boxOf, commonBox, connectionId, deskId, dialogId, peerOf } from '../../src/domain/ids.js';
import { route, type Decision, type Facts } from '../../src/domain/route.js';

const bot = peerOf('user', 100);
const group = peerOf('channel', 2000000001);
const client = peerOf('user', 5);
const connection: Connection = {
  id: connectionId('100'),
  kind: 'bot',
  peer: bot,
  name: 'Shop',
  group,
  state: 'live',
  stateSince: 0,
  createdAt: 0,
};
const connected: Owner = { kind: 'connection', connection };
const desk: Owner = { kind: 'desk', desk: { id: deskId('200'), peer: peerOf('user', 200) } };
const dialog: Dialog = {
  id: dialogId(connection.id, client),
  connection: connection.id,
  peer: client,
  group,
  topic: { state: 'open', randomId: '1', id: 7 },
  createdAt: 0,
};

function fromClient(change: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: 'message',
    owner: connection.id,
    box: commonBox,
    peer: client,
    msgId: 1,
    out: false,
    author: client,
    authorIsBot: false,
    date: 0,
    content: { text: plain('hello') },
    ...change,
  };
}

function fromOperator(change: Partial<MessageEvent> = {}): MessageEvent {
  const operator = peerOf('user', 9);
  return {
    ...fromClient(),
    owner: deskId('200'),
    box: boxOf(group),
    peer: group,
    author: operator,
    topic: 7,
    ...change,
  };
}

function decide(event: MessageEvent, facts: Partial<Facts> = {}): Decision {
  return route(event, {
    owner: connected,
    ourUsers: new Set([bot, peerOf('user', 200)]),
    backendGroups: new Set([group]),
    known: false,
    outstanding: false,
    groupDesk: deskId('200'),
    ...facts,
  });
}

describe('route', () => {
  it('M1 an incoming message is mirrored', () => {
    expect(decide(fromClient())).to.deep.equal({ kind: 'mirror', side: 'in' });
  });

  it('M1 an outgoing message that we did not send is mirrored as intercepted', () => {
    expect(decide(fromClient({ out: true }))).to.deep.equal({ kind: 'mirror', side: 'intercepted' });
  });

  it('M6 an outgoing message that we sent is not mirrored', () => {
    expect(decide(fromClient({ out: true }), { known: true }).kind).to.equal('drop');
  });

  it('M1 an outgoing message waits while a send of ours to that peer is under way', () => {
    expect(decide(fromClient({ out: true }), { outstanding: true }).kind).to.equal('hold');
    expect(decide(fromClient(), { outstanding: true }).kind).to.equal('mirror');
  });

  it('M6 our own bots and accounts, Telegram itself and backend groups make no dialog', () => {
    for (const peer of [
      peerOf('user', 200),
      bot,
      peerOf('user', 777000),
      group,
      peerOf('channel', 3),
      peerOf('chat', 4),
    ])
      expect(decide(fromClient({ peer })).kind, peer).to.equal('drop');
  });

  it('M5 an operator, also an anonymous one, answers in the topic of a dialog', () => {
    for (const author of [peerOf('user', 9), group])
      expect(decide(fromOperator({ author }), { owner: desk, dialog })).to.deep.equal({
        kind: 'answer',
        dialog,
      });
  });

  it('M5 C6 an answer counts where the connection is so new that this process has not read its row yet', () => {
    const facts = { owner: desk, dialog, ourUsers: new Set<never>(), backendGroups: new Set<never>() };
    expect(decide(fromOperator(), facts)).to.deep.equal({ kind: 'answer', dialog });
  });

  it('M5 of several desk bots in a group only the one that works there takes answers', () => {
    const facts = { owner: desk, dialog, groupDesk: deskId('201') };
    expect(decide(fromOperator(), facts).kind).to.equal('drop');
    expect(decide(fromOperator({ owner: deskId('201') }), facts).kind).to.equal('answer');
  });

  it('T5 General, topics of the team, bots and service messages reach no client', () => {
    const silent: [Partial<MessageEvent>, Partial<Facts>][] = [
      [{ topic: 1 }, { dialog }],
      [{}, {}],
      [{ authorIsBot: true }, { dialog }],
      [{ service: 'pinned' }, { dialog }],
      [{ out: true }, { dialog }],
    ];
    for (const [event, facts] of silent)
      expect(decide(fromOperator(event), { owner: desk, ...facts }).kind).to.equal('drop');
  });

  it('C3 what is written in a topic that the dialog has left for another group reaches no client', () => {
    const left = { owner: desk, dialog: { ...dialog, group: peerOf('channel', 8) } };
    expect(decide(fromOperator(), left).kind).to.equal('moved-away');
    expect(decide(fromOperator({ content: { text: plain('/ call him') } }), left).kind).to.equal('drop');
  });

  it('D1 a comment stays inside and an unknown command never reaches the client', () => {
    const comment = fromOperator({ content: { text: plain('/ call him') } });
    const command = fromOperator({ content: { text: plain('/clsoe') } });
    expect(decide(comment, { owner: desk, dialog }).kind).to.equal('drop');
    expect(decide(command, { owner: desk, dialog }).kind).to.equal('unknown-command');
    const caption = fromOperator({
      content: { text: plain('/say hello'), media: { kind: 'photo', bytes: 1, file: '' } },
    });
    expect(decide(caption, { owner: desk, dialog }).kind).to.equal('unknown-command');
  });
});
