/**
 * The defects of stock GramJS that bear on loss (mtproto.md §1.3), each shown in it, and their absence in ours under the same
 * fault of the same local Telegram.
 *
 * | defect | shown by |
 * |---|---|
 * | G1, G2 no difference, too-long ignored | "a push that is lost", "updatesTooLong" |
 * | G3 handlers run side by side | "handlers" |
 * | G4 the container's counters are dropped | "handlers" (what a raw handler gets has none) |
 * | G5 own results are not accounted | "an own message" |
 * | G6 an error ends its container | "an error leads a container", "an error before another answer" |
 * | G7, G8 an unknown constructor takes its container along, acknowledged | "an unknown constructor" |
 * | G9 no replay protection, no order | "a push that comes twice", "pushes in the wrong order" |
 * | G10, G25 a reconnect forgets | "a message written while the connection is away", "calls made while it is away" |
 * | G13, G15 no end of waiting | "a key that Telegram does not know" |
 * | G14 Telegram's own trouble is not repeated | "an internal error" |
 * | G16 a duplicated key is an error like others | "a duplicated key" |
 *
 * Not here: G11, G12 (9 and more seconds each; conformance-losing.ts shows our keep-alive), G17, G33 (client.test.ts: closing leaves
 * no connection), G20 (middlewares.test.ts), G23 (walk.test.ts: an expired file reference), G24 (test/walks/albums.test.ts). The
 * rest costs memory, speed or comfort, no message.
 */

import { expect } from 'chai';
import { Api } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import { peerOf } from '../../../src/domain/ids.js';
import { GatewayError } from '../../../src/domain/errors.js';
import { long } from '../../../src/telegram/tl/long.js';
import { openPair, textOf, type Pair, type StockUpdate } from './stock-pair.js';
import { until } from './wait.js';

/** Whoever has not answered by then, while everybody else has, never does: nothing is on its way any more. */
const patienceMs = 700;

const getState = { _: 'updates.getState' } as const;

describe('what stock GramJS loses and we do not', () => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await openPair();
  });
  afterEach(() => pair.close());

  const oursHas = (...texts: string[]): Promise<void> =>
    until(`ours: ${texts.join(', ')}`, () => pair.ours.heard().length >= texts.length);
  const stockHas = (text: string): Promise<void> =>
    until(`stock: ${text}`, () => pair.stock.heard.includes(text));
  const end = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'answered',
      (error: unknown) => (error instanceof GatewayError ? error.code : 'refused'),
    );
  /** What has come of a promise after a while. */
  const fate = (promise: Promise<unknown>): Promise<string> =>
    Promise.race([
      end(promise),
      new Promise<string>((resolve) => setTimeout(() => resolve('hangs'), patienceMs)),
    ]);
  const bothFates = async (): Promise<[string, string]> => [
    await fate(pair.stock.client.invoke(new Api.updates.GetState())),
    await end(pair.ours.session.call(getState)),
  ];

  it('M1 C5 G1 a push that is lost: stock never asks for it', async () => {
    pair.fault({ name: 'push.drop', times: 1 });
    pair.say('one');
    pair.say('two');
    await oursHas('one', 'two');
    await stockHas('two');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['two']);
    expect(pair.called(pair.stock.bot, 'updates.getDifference')).to.equal(0);
  });

  it('M1 C5 G2 updatesTooLong: stock hands it on and fetches nothing', async () => {
    pair.fault({ name: 'push.too-long', times: 1 });
    pair.say('one');
    await oursHas('one');
    await until('stock: the notice', () => pair.stock.raw.includes('UpdatesTooLong'));
    pair.say('two');
    await stockHas('two');
    expect(pair.ours.heard().slice(0, 1)).to.deep.equal(['one']);
    expect(pair.stock.heard).to.deep.equal(['two']);
  });

  it('M1 G3 G4 handlers: stock runs them side by side and shows no counters of the container; our journal is in order', async () => {
    const done: string[] = [];
    const shapes = new Set<string>();
    const handle = async (update: StockUpdate): Promise<void> => {
      for (const field of ['seq', 'seqStart']) if (field in update) shapes.add(field);
      const message = textOf(update);
      if (message === undefined) return;
      if (message === 'slow') await until('the quick one', () => done.length > 0);
      done.push(message);
    };
    pair.stock.client.addEventHandler((update: StockUpdate) => void handle(update), new Raw({}));
    pair.say('slow', 'quick');
    await oursHas('slow', 'quick');
    await until('both handlers', () => done.length === 2);
    expect(done).to.deep.equal(['quick', 'slow']);
    expect([...shapes]).to.deep.equal([]);
    expect(pair.ours.heard()).to.deep.equal(['slow', 'quick']);
  });

  it('M1 G5 an own message: stock tells its caller only, ours is in the journal between its neighbours', async () => {
    pair.say('before');
    await oursHas('before');
    await stockHas('before');
    // Ann was new to us, which costs a difference: it is over before the next step.
    await pair.ours.session.resync();
    const { client } = pair.stock;
    const message = 'own';
    await client.invoke(
      new Api.messages.SendMessage({ peer: await client.getInputEntity(pair.ann.id), message }),
    );
    const peer = await pair.ours.directory.inputPeer(pair.ours.session.owner, peerOf('user', pair.ann.id));
    await pair.ours.session.call({ _: 'messages.sendMessage', peer, message, randomId: long('7') });
    pair.say('after');
    await oursHas('before', 'sent 7', 'after');
    await stockHas('after');
    expect(pair.ours.heard()).to.deep.equal(['before', 'sent 7', 'after']);
    expect(pair.stock.heard).to.deep.equal(['before', 'after']);
    // It counts: the next message leaves no gap.
    const calls = pair.telegram.calls.filter(({ caller }) => caller.userId === BigInt(pair.ours.bot.id));
    expect(calls.at(-1)?.name).to.equal('messages.sendMessage');
  });

  it('M1 G6 an error leads a container: stock drops what follows', async () => {
    pair.fault({ name: 'push.error-first', times: 1 });
    pair.say('one');
    await oursHas('one');
    pair.say('two');
    await stockHas('two');
    await oursHas('one', 'two');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['two']);
  });

  it('C5 G6 an error before another answer in one container: stock waits for that answer for ever', async () => {
    pair.fault({
      name: 'call.error',
      code: 400,
      text: 'PEER_ID_INVALID',
      when: { method: 'users.getUsers' },
    });
    const { client } = pair.stock;
    const stock = [
      fate(client.invoke(new Api.users.GetUsers({ id: [] }))),
      fate(client.invoke(new Api.updates.GetState())),
    ];
    const { session } = pair.ours;
    const ours = [end(session.call({ _: 'users.getUsers', id: [] })), end(session.call(getState))];
    expect(await Promise.all(stock)).to.deep.equal(['refused', 'hangs']);
    expect(await Promise.all(ours)).to.deep.equal(['PEER_UNKNOWN', 'answered']);
  });

  it('M1 C5 G7 G8 an unknown constructor: stock drops its neighbours, acknowledged', async () => {
    pair.fault({ name: 'push.unknown', times: 1 });
    pair.say('one');
    await oursHas('one');
    pair.say('two');
    await stockHas('two');
    await oursHas('one', 'two');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['two']);
  });

  it('M1 G9 a push that comes twice: stock delivers it twice', async () => {
    pair.fault({ name: 'push.duplicate', times: 1 });
    pair.say('one');
    pair.say('two');
    await oursHas('one', 'two');
    await stockHas('two');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['one', 'one', 'two']);
  });

  it('M1 G9 pushes in the wrong order: stock delivers them so', async () => {
    pair.fault({ name: 'push.reorder', times: 1 });
    pair.say('one', 'two');
    await oursHas('one', 'two');
    await stockHas('one');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['two', 'one']);
  });

  it('M1 C5 G10 a message written while the connection is away: stock never gets it', async () => {
    pair.fault({ name: 'socket.reset' });
    pair.say('one');
    await oursHas('one');
    await until('stock: back again', () => pair.called(pair.stock.bot, 'users.getUsers') > 0);
    pair.say('two');
    await stockHas('two');
    await oursHas('one', 'two');
    expect(pair.ours.heard()).to.deep.equal(['one', 'two']);
    expect(pair.stock.heard).to.deep.equal(['two']);
  });

  it('C5 G10 G25 calls made while the connection is away: of five, stock answers one', async () => {
    pair.fault({ name: 'socket.reset' });
    await until('stock: the loss', () => pair.stock.reconnecting());
    const stock: Promise<unknown>[] = [];
    const ours: Promise<unknown>[] = [];
    for (let call = 0; call < 5; call++) {
      stock.push(pair.stock.client.invoke(new Api.updates.GetState()));
      ours.push(pair.ours.session.call(getState));
      // In turns of their own: stock takes the first out of its queue and forgets the others there.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(ours);
    await stock[0];
    expect(await Promise.all(stock.map(fate))).to.deep.equal([
      'answered',
      'hangs',
      'hangs',
      'hangs',
      'hangs',
    ]);
  });

  it('C4 C5 G13 G15 a key that Telegram does not know: stock waits for ever and says nothing', async () => {
    pair.fault({ name: 'key.unknown' });
    const stock = pair.stock.client.invoke(new Api.updates.GetState());
    const ours = await end(pair.ours.session.call(getState));
    expect([await fate(stock), ours]).to.deep.equal(['hangs', 'SESSION_DEAD']);
    expect(pair.ours.death()).to.equal('AUTH_KEY_UNREGISTERED');
  });

  it('C5 G14 an internal error of Telegram: stock gives up at once', async () => {
    const when = { method: 'updates.getState' };
    pair.fault({ name: 'call.error', code: 500, text: 'INTERNAL', when, times: 1 });
    expect(await fate(pair.stock.client.invoke(new Api.updates.GetState()))).to.equal('refused');
    expect(await pair.ours.session.call(getState)).to.have.property('pts');
  });

  it('C4 G16 a duplicated key: stock goes on calling, ours ends and calls nothing more', async () => {
    pair.fault({
      name: 'call.error',
      code: 406,
      text: 'AUTH_KEY_DUPLICATED',
      when: { method: 'updates.getState' },
    });
    expect(await bothFates()).to.deep.equal(['refused', 'SESSION_DEAD']);
    expect(await bothFates()).to.deep.equal(['refused', 'SESSION_DEAD']);
    expect(pair.called(pair.stock.bot, 'updates.getState')).to.equal(2);
    expect(pair.called(pair.ours.bot, 'updates.getState')).to.equal(1);
    expect(pair.ours.death()).to.equal('AUTH_KEY_DUPLICATED');
  });
});
