/** Rows as the repositories write them, by number: a bot with so many contacts that have written so many messages. */

import { Binary, type Document } from 'mongodb';
import { rowId } from '../../../src/domain/ids.js';
import { clientBox, contact, desk, dialogOf, group, groupBox, shop, spread, topicOf } from './cast.js';

export interface Size {
  readonly contacts: number;
  /** Carried over and finished. */
  readonly messages: number;
  /** Deliveries that wait and journal rows that are not routed, beside the finished. */
  readonly backlog: number;
}

/** How many rows each collection gets, and how one looks. */
export interface Filling {
  readonly collection: string;
  readonly count: number;
  readonly row: (n: number) => Document;
}

/** Behind every order number that a fence leads to. */
const lastOrder = 8e15;

/** Messages spread over the time for which finished rows stay, the last one now. */
const spanMs = 29 * 86_400_000;

/** Everything that such an installation holds after a while. */
export function fillings({ contacts, messages, backlog }: Size): Filling[] {
  const now = Date.now();
  const dateOf = (n: number): number => Math.round(now - ((messages - n) / messages) * spanMs);
  const writer = (n: number): number => Number(BigInt(spread(n, 1)) % BigInt(contacts));
  const postOf = (n: number): number => topicOf(contacts) + n;
  const delivered = (n: number): Document => deliveryOf(n, writer(n), dateOf(n));
  return [
    { collection: 'peers', count: contacts, row: peerRow },
    { collection: 'dialogs', count: contacts, row: (n) => dialogRow(n, now) },
    {
      collection: 'messages',
      count: messages,
      row: (n) => linkRow(n, writer(n), postOf(n), Math.floor(dateOf(n) / 1000)),
    },
    {
      collection: 'deliveries',
      count: messages,
      row: (n) => ({
        ...delivered(n),
        state: 'sent',
        parts: [
          { msgId: n, date: Math.floor(dateOf(n) / 1000), content: { text: { text: '', entities: [] } } },
        ],
        randomIds: [spread(n, 2)],
        attempts: 1,
        finishedAt: new Date(dateOf(n)),
      }),
    },
    { collection: 'deliveries', count: backlog, row: (n) => waiting(n, now) },
    { collection: 'journal', count: messages, row: (n) => routedRow(n, dateOf(n)) },
    { collection: 'journal', count: messages, row: (n) => sentRow(n, postOf(n), dateOf(n)) },
    { collection: 'journal', count: backlog, row: (n) => unroutedRow(n, now) },
  ];
}

function peerRow(n: number): Document {
  return {
    _id: rowId(shop, contact(n)),
    peer: contact(n),
    name: `Client number ${n}`,
    username: `client_${n}`,
    language: 'en',
    accessHash: spread(n, 3),
  };
}

function dialogRow(n: number, now: number): Document {
  return {
    _id: dialogOf(n),
    connection: shop,
    peer: contact(n),
    group,
    topic: { state: 'open', randomId: spread(n, 4), id: topicOf(n) },
    createdAt: now,
  };
}

function linkRow(n: number, writer: number, postId: number, date: number): Document {
  return {
    connection: shop,
    dialog: dialogOf(writer),
    box: clientBox,
    peer: contact(writer),
    msgId: n,
    part: 0,
    group,
    topic: topicOf(writer),
    postId,
    side: 'in',
    delivery: rowId('mirror', shop, clientBox, n),
    date,
  };
}

function deliveryOf(n: number, writer: number, at: number): Document {
  return {
    _id: rowId('mirror', shop, clientBox, n),
    kind: 'mirror',
    lane: rowId(dialogOf(writer), 'topic'),
    order: n,
    connection: shop,
    dialog: dialogOf(writer),
    group,
    side: 'in',
    source: shop,
    sourcePeer: contact(writer),
    sourceBox: clientBox,
    sentIds: [],
    notBefore: 0,
    createdAt: at,
  };
}

/** All in the first contact's lane, behind everything that a walk sends there, and due in a day. */
function waiting(n: number, now: number): Document {
  return {
    ...deliveryOf(n, 0, now),
    _id: rowId('mirror', shop, 'waiting', n),
    order: lastOrder + n,
    state: 'queued',
    parts: [
      { msgId: n, date: Math.floor(now / 1000), content: { text: { text: 'x'.repeat(80), entities: [] } } },
    ],
    randomIds: [],
    attempts: 0,
    notBefore: now + 86_400_000,
    open: true,
  };
}

function journalRow(n: number, at: number): Document {
  return {
    _id: rowId(shop, 'n', clientBox, n),
    owner: shop,
    box: clientBox,
    ord: n,
    kind: 'new',
    msgId: n,
    receivedAt: at,
    source: 'push',
    layer: 223,
  };
}

function routedRow(n: number, at: number): Document {
  return { ...journalRow(n, at), routedAt: new Date(at) };
}

/** What the desk's own send left behind. */
function sentRow(n: number, postId: number, at: number): Document {
  const row = { ...journalRow(n, at), owner: desk, box: groupBox, kind: 'sent-id', msgId: postId };
  return { ...row, source: 'result', _id: rowId(desk, 's', spread(n, 2)), routedAt: new Date(at) };
}

/** Of a session that runs nowhere: nobody routes them. */
function unroutedRow(n: number, now: number): Document {
  const event = { kind: 'deleted', owner: 'c999', box: clientBox, msgIds: [n] };
  const tl = new Binary(Buffer.alloc(60));
  return {
    ...journalRow(n, now),
    _id: rowId('c999', 'd', clientBox, n),
    owner: 'c999',
    event,
    tl,
    unrouted: true,
  };
}
