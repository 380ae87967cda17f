/** A gateway at work, a write at a time, in the order of src/README.md's "Truth before effect"; and what must be true of a copy of its rows. */

import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { commonBox, connectionId, dialogId, peerOf, type ConnectionId } from '../../src/domain/ids.js';
import type { CommonCounters } from '../../src/ports/updates.js';
import type { Connected } from '../../src/mongo/connect.js';
import { repositoriesOf, type Repositories } from '../../src/mongo/repositories.js';

const group = peerOf('channel', 5);
const fence = 3;
const ordBase = fence * 2 ** 32;

type Step = () => Promise<unknown>;

/** Every message comes from a client of its own, so that each needs all rows. */
export class BusyGateway {
  readonly #store: Repositories;
  readonly #random: () => number;
  /** Steps that are left, by message. */
  readonly #messages: Step[][] = [];
  readonly #counters = new Map<ConnectionId, CommonCounters>();
  /** Journaled in order, one after the other, as one session does. */
  #intake: Step[] = [];
  #sent = 0;

  constructor({ db, hosts }: Connected, random: () => number) {
    this.#store = repositoriesOf(db, hosts);
    this.#random = random;
  }

  /** Does one write; `new` work begins now and then. */
  async work(): Promise<void> {
    if (this.#intake.length === 0) this.#intake = this.#random() < 0.4 ? this.#login() : this.#arrival();
    const open = this.#messages.filter((steps) => steps.length > 0);
    const chosen = this.#random() < 0.4 ? undefined : open[Math.floor(this.#random() * open.length)];
    await (chosen ?? this.#intake).shift()?.();
  }

  #login(): Step[] {
    const id = connectionId(String(900 + this.#counters.size));
    const counters = { pts: 0, qts: 0, seq: 0, date: 1, lastMsgId: 0 };
    const row = {
      id,
      kind: 'bot' as const,
      peer: peerOf('user', id.slice(1)),
      name: 'Shop',
      group,
      state: 'live' as const,
      stateSince: 0,
      createdAt: 0,
    };
    return [
      () => this.#store.sessions.save(id, 'sealed'),
      () =>
        this.#store.updates.advance(id, fence, {
          common: { from: undefined, to: counters },
          channels: [],
          ord: ordBase,
        }),
      () => this.#store.connections.put(row),
      async () => void this.#counters.set(id, counters),
    ];
  }

  #arrival(): Step[] {
    const owners = [...this.#counters.keys()];
    const owner = owners[Math.floor(this.#random() * owners.length)];
    if (owner === undefined) return this.#login();
    const from = this.#counters.get(owner)!;
    const msgId = from.pts + 1;
    const to = { ...from, pts: msgId, lastMsgId: msgId };
    const peer = peerOf('user', `${owner.slice(1)}${1000 + msgId}`);
    const rest = this.#mirroring(owner, peer, msgId);
    const content = { text: { text: 'hello', entities: [] } };
    const event = { kind: 'message', owner, box: commonBox, peer, msgId, out: false, date: 1, content };
    return [
      () => this.#store.peers.save(owner, [{ peer, name: 'Ann' }]),
      () =>
        this.#store.updates.append(owner, fence, [
          {
            _id: `${owner}-n-common-${msgId}`,
            owner,
            box: commonBox,
            ord: ordBase + msgId,
            kind: 'new',
            msgId,
            receivedAt: 1,
            source: 'push',
            event: event as never,
            tl: new Uint8Array([1]),
            layer: 1,
          },
        ]),
      async () => void this.#messages.push(rest),
      () =>
        this.#store.updates.advance(owner, fence, {
          common: { from, to },
          channels: [],
          ord: ordBase + msgId + 1,
        }),
      async () => void this.#counters.set(owner, to),
    ];
  }

  #mirroring(connection: ConnectionId, peer: ReturnType<typeof peerOf>, msgId: number): Step[] {
    const { dialogs, deliveries, journal, links } = this.#store;
    const id = dialogId(connection, peer);
    const row: Delivery = {
      id: `mirror-${connection}-common-${msgId}`,
      kind: 'mirror',
      lane: `${id}-topic`,
      order: ordBase + msgId,
      state: 'queued',
      connection,
      dialog: id,
      group,
      side: 'in',
      source: connection,
      sourcePeer: peer,
      sourceBox: commonBox,
      parts: [{ msgId, date: 1, content: { text: { text: 'hello', entities: [] } } }],
      randomIds: [],
      sentIds: [],
      notBefore: 0,
      attempts: 0,
      createdAt: 0,
    };
    let claimed: Delivery | undefined;
    const postId = ++this.#sent;
    return [
      () => dialogs.ensure({ id, connection, peer, group, topic: { state: 'none' }, createdAt: 0 }),
      () => deliveries.add([row]),
      () => journal.markRouted([`${connection}-n-common-${msgId}`], 1),
      async () => {
        claimed = await deliveries.claim(row, { by: 'me', until: 1, now: 0 }, [`${postId}`]);
      },
      () => dialogs.claimTopic(id, `${postId}`),
      () => dialogs.openTopic(id, `${postId}`, postId),
      () =>
        links.put({
          connection,
          dialog: id,
          box: commonBox,
          peer,
          msgId,
          part: 0,
          group,
          topic: postId,
          postId,
          side: 'in',
          delivery: row.id,
          date: 1,
        }),
      () => deliveries.finish(claimed!, 'sent'),
    ];
  }
}

/** Whether a gateway that starts on these rows loses nothing and knows what it has done. Answers what there was to look at. */
export async function expectStartable({ db, hosts }: Connected): Promise<{ counted: number; sent: number }> {
  const { dialogs, links, updates, peers } = repositoriesOf(db, hosts);
  const journal = await rowsOf(db, 'journal');
  const deliveries = await rowsOf(db, 'deliveries');
  let counted = 0;
  for (const { _id } of await rowsOf(db, 'connections')) {
    const state = await updates.load(_id as ConnectionId);
    expect(state, `counters of ${_id}`).not.to.equal(undefined);
    for (let msgId = 1; msgId <= state!.pts; msgId++, counted++) {
      const row = journal.find((one) => one._id === `${_id}-n-common-${msgId}`);
      expect(row, `the journal's row of ${_id}, ${msgId}, which the counters have passed`).not.to.equal(
        undefined,
      );
    }
  }
  for (const { _id, unrouted, event, owner, msgId } of journal) {
    if (unrouted === true) {
      expect(event, `contents of ${_id}`).to.be.an('object');
      const { peer } = event as { peer: ReturnType<typeof peerOf> };
      expect(await peers.get(owner as ConnectionId, peer), `whom ${_id} is from`).to.be.an('object');
    } else {
      const id = `mirror-${String(owner)}-common-${String(msgId)}`;
      expect(
        deliveries.find((one) => one._id === id),
        `the delivery of ${_id}`,
      ).to.be.an('object');
    }
  }
  let sent = 0;
  for (const { _id, state, dialog, connection, sourceBox, parts } of deliveries as unknown as (Delivery & {
    _id: string;
  })[]) {
    const found = await dialogs.get(dialog);
    expect(found, `the dialog of ${_id}`).to.be.an('object');
    if (state !== 'sent') continue;
    sent += 1;
    expect(found?.topic.state, `the topic of ${_id}`).to.equal('open');
    expect(await links.byMessage(connection, sourceBox, parts[0]!.msgId), `the link of ${_id}`).to.be.an(
      'object',
    );
  }
  return { counted, sent };
}

async function rowsOf(db: Connected['db'], name: string) {
  return db.collection<{ _id: string } & Record<string, unknown>>(name).find({}).toArray();
}
