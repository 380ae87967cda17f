import { expect } from 'chai';
import type { Connection } from '../../src/domain/connection.js';
import type { Dialog } from '../../src/domain/dialog.js';
import { GatewayError } from '../../src/domain/errors.js';
import { boxOf, connectionId, dialogId, peerOf, type Peer } from '../../src/domain/ids.js';
import type { SendOrder } from '../../src/ports/telegram.js';
import { until } from '../walks/until.js';
import {
  desk,
  fromClient,
  fromOperator,
  group,
  openHouse,
  otherGroup,
  shop,
  startFlows,
  type House,
  type Process,
} from './house.js';
import { SmallTelegram } from './small-telegram.js';

const ann = peerOf('user', 77);
const bob = peerOf('user', 88);
const annDialog = dialogId(shop.id, ann);

/** As `login --group` writes it. */
const moved: Connection = { ...shop, group: otherGroup, createdAt: 1 };
const branch: Connection = {
  ...shop,
  id: connectionId('101'),
  peer: peerOf('user', 101),
  group: otherGroup,
};

/** Two groups, whose topics are numbered in each; a group may be out of the desk's sight. */
class TwoGroups extends SmallTelegram {
  readonly places = new Set([`${group} 9`, `${otherGroup} 9`]);
  hidden: Peer | undefined;

  override async send(order: SendOrder): Promise<number[]> {
    if (order.peer === this.hidden) throw new GatewayError('GROUP_UNKNOWN', order.peer);
    if (order.topic !== undefined && !this.places.has(`${order.peer} ${order.topic}`))
      throw new GatewayError('TOPIC_GONE', String(order.topic));
    return super.send(order);
  }

  override async createTopic(order: { group: Peer; title: string; randomId: string }): Promise<number> {
    const id = await super.createTopic(order);
    this.places.add(`${order.group} ${id}`);
    return id;
  }

  /** Each post as place and first line. */
  posts(): string[] {
    return this.group.map(
      ({ peer, topic, text }) => `${peer} ${topic ?? 'General'}: ${text.split('\n')[0] ?? ''}`,
    );
  }
}

describe('a connection that is moved to another group', () => {
  let house: House;
  let telegram: TwoGroups;
  let flows: Process[];
  beforeEach(async () => {
    house = await openHouse();
    telegram = new TwoGroups((owner, events) => house.journal(owner, events), 500);
    flows = [];
    await house.store.connections.put(shop);
    await house.store.connections.put(branch);
    await house.store.dialogs.ensure(openDialog(shop, ann));
    await house.store.dialogs.ensure(openDialog(branch, bob));
  });
  afterEach(async () => {
    await Promise.all(flows.map((process) => process.close()));
    await house.close();
  });

  /** Its topic has the same number in either group. */
  function openDialog({ id: connection, group: place }: Connection, peer: Peer): Dialog {
    const id = dialogId(connection, peer);
    return {
      id,
      connection,
      peer,
      group: place,
      topic: { state: 'open', randomId: id, id: 9 },
      createdAt: 0,
    };
  }

  async function start(connections: readonly Connection[], holder = 'only'): Promise<Process> {
    const process = await startFlows(house.store, telegram, holder, connections);
    flows.push(process);
    return process;
  }

  async function annWrites(process: Process, msgId: number, text: string): Promise<void> {
    await house.journal(shop.id, [fromClient(msgId, text, { peer: ann, author: ann })]);
    process.wake(shop.id);
  }

  async function operatorWrites(process: Process, msgId: number, place: Peer, topic: number, text: string) {
    const event = { ...fromOperator(msgId, topic, text), peer: place, box: boxOf(place) };
    await house.journal(desk.id, [event]);
    process.wake(desk.id);
  }

  const shown = (text: string): Promise<unknown> =>
    until(() => telegram.group.some((post) => post.text.startsWith(text)), text);

  it('C3 M1 each of its dialogs goes on in a topic of its own there, with a card; nothing appears in another client’s', async () => {
    await house.store.connections.put(moved);
    const process = await start([moved, branch]);
    await annWrites(process, 1, 'a secret');
    await shown('a secret');
    const [first = ''] = telegram.posts();
    expect(first).to.match(/^channel:2000000002 5\d\d: 👤 User 77$/);
    const place = first.split(':').slice(0, 2).join(':');
    expect(telegram.posts().slice(1)).to.deep.equal([`${place}: a secret`]);
    await operatorWrites(process, 1, otherGroup, Number(place.split(' ')[1]), 'for Ann');
    await until(() => telegram.client.length === 1, 'the answer');
    expect(telegram.client.map(({ peer, text }) => [peer, text])).to.deep.equal([[ann, 'for Ann']]);
  });

  it('C3 M5 what is answered in the topic that was left goes to nobody, and a sentence under it says so', async () => {
    await house.store.connections.put(moved);
    const process = await start([moved, branch]);
    await annWrites(process, 1, 'hello');
    await shown('hello');
    await operatorWrites(process, 4, group, 9, 'for Ann');
    await shown('⚠️ Not delivered');
    const sentence = telegram.group.at(-1);
    expect(sentence).to.deep.include({ peer: group, replyTo: 4 });
    expect(telegram.client).to.deep.equal([]);
  });

  it('C3 what waits for a group that is out of sight comes in the new one, also in a process that has not heard of the move', async () => {
    telegram.hidden = group;
    const process = await start([shop, branch]);
    await annWrites(process, 1, 'first');
    await annWrites(process, 2, 'second');
    const isWaiting = async () =>
      (await house.store.deliveries.head(`${annDialog}-topic`))?.error === 'GROUP_UNKNOWN';
    await until(isWaiting, 'the first one wait');
    await house.store.connections.put(moved);
    await house.store.deliveries.retryNow({ group }, ['GROUP_UNKNOWN']);
    await annWrites(process, 3, 'third');
    await shown('third');
    expect(telegram.posts().map((post) => post.replace(/ 5\d\d:/, ':'))).to.deep.equal(
      ['👤 User 77', 'first', 'second', 'third'].map((text) => `${otherGroup}: ${text}`),
    );
  });

  it('C3 M1 a process that remembers the topic and has not heard of the move posts into that topic; one that has, into the new one', async () => {
    const process = await start([shop, branch]);
    await annWrites(process, 1, 'before');
    await shown('before');
    await house.store.connections.put(moved);
    const other = await start([moved, branch], 'other');
    await annWrites(other, 2, 'after');
    await shown('after');
    await annWrites(process, 4, 'unheard');
    await shown('unheard');
    process.hear([moved, branch]);
    await annWrites(process, 3, 'heard of');
    await shown('heard of');
    for (const post of telegram.group)
      expect(post, post.text).to.deep.include(
        post.peer === group ? { topic: 9 } : { topic: telegram.topics[0]?.id },
      );
    expect(telegram.topics).to.have.length(1);
    expect(telegram.posts().at(-1)).to.include(otherGroup);
  });

  it('C3 M1 what waits for a topic that is remembered comes in the new group as soon as the move is heard of', async () => {
    const process = await start([shop, branch]);
    await annWrites(process, 1, 'before');
    await shown('before');
    await house.store.connections.put(moved);
    // Planned for the former group, and heard of only then.
    await annWrites(process, 2, 'planned');
    process.hear([moved, branch]);
    await annWrites(process, 3, 'after');
    await shown('after');
    const places = telegram.posts().filter((post) => / (planned|after)$/.test(post));
    expect(
      places.every((post) => post.startsWith(otherGroup)),
      places.join(),
    ).to.equal(true);
    expect(telegram.topics).to.have.length(1);
  });

  it('C3 T1 moved back, it goes on in the topics that it had', async () => {
    await house.store.connections.put(moved);
    const process = await start([moved, branch]);
    await annWrites(process, 1, 'there');
    await shown('there');
    await house.store.connections.put(shop);
    process.hear([shop, branch]);
    await annWrites(process, 2, 'back');
    await shown('back');
    expect(telegram.posts().at(-1)).to.equal(`${group} 9: back`);
    await operatorWrites(process, 1, group, 9, 'for Ann');
    await until(() => telegram.client.length === 1, 'the answer');
  });
});
