import { expect } from 'chai';
import { dialogId, peerOf } from '../../src/domain/ids.js';
import type { OpenedStore } from '../../src/mongo/open.js';
import type { Store } from '../../src/ports/store.js';
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
import { mortal, type Mortal } from './mortal.js';
import { SmallTelegram } from './small-telegram.js';

/** Longer than any story has steps: the loop ends at the first life that survives its story. */
const manySteps = 200;

describe('a crash between any two steps', () => {
  let house: House;
  let lives: Process[];
  beforeEach(async () => {
    house = await openHouse();
    lives = [];
  });
  afterEach(async () => {
    await Promise.all(lives.map((life) => life.close()));
    await house.close();
  });

  /** Plays the story in a process that dies at step `at`; whoever survives goes on in a new one. Answers whether it died. */
  async function play(
    life: Mortal,
    died: Promise<void>,
    telegram: SmallTelegram,
    story: (wake: () => void) => Promise<void>,
    over: () => boolean,
  ): Promise<boolean> {
    const first = await Promise.race([
      startFlows(wrapped(house.store, life), life.wrap<SmallTelegram>(telegram), 'first'),
      died.then(() => undefined),
    ]);
    const wake = (process: Process | undefined) => () => {
      for (const owner of [shop.id, desk.id]) process?.wake(owner);
    };
    await story(wake(first));
    // The last steps come after what people see: the process may die at one of them, too.
    const quiet = until(over, 'the end of the story').then(() => settled(house.store));
    await Promise.race([quiet.catch(() => undefined), died]);
    await Promise.race([first?.close(), died]);
    if (life.dead) {
      await life.ashes();
      await house.store.deliveries.releaseClaims();
      const second = await startFlows(house.store, telegram, 'second');
      lives.push(second);
      telegram.onJournaled = (owner) => second.wake(owner);
      wake(second)();
      await until(over, 'the end of the story in the second life');
      await settled(house.store);
    }
    // Whoever lives on would work on the next story's rows, for the wrong Telegram.
    for (const living of lives.splice(0)) await living.close();
    return life.dead;
  }

  for (const when of ['before', 'after'] as const) {
    it(`M1 T1 loses and repeats nothing on the way to the topic (${when} each step)`, async function () {
      this.timeout(120_000);
      for (let at = 1; at < manySteps; at++) {
        const { telegram, life, died } = scene(house, at, when);
        const topicsBefore = telegram.topics.length;
        const base = at * 1000;
        const peer = `user:${base}` as typeof shop.peer;
        const events = [1, 2, 3].map((n) => fromClient(base + n, `m${n}`, { peer, author: peer }));
        const texts = (): string[] =>
          telegram.group.map((post) => post.text).filter((text) => !text.startsWith('👤'));
        const perished = await play(
          life,
          died,
          telegram,
          async (wake) => {
            await house.journal(shop.id, events);
            wake();
          },
          () => texts().length >= 3,
        );
        expect(texts(), `${when} step ${at}`).to.deep.equal(['m1', 'm2', 'm3']);
        expect(telegram.topics.length - topicsBefore, `topics, ${when} step ${at}`).to.equal(1);
        expect(telegram.group.filter((post) => post.text.startsWith('👤')).length, 'cards').to.equal(1);
        if (!perished) return;
      }
      throw new Error('the story has more steps than the test expects');
    });

    it(`C3 M1 loses and repeats nothing while a dialog follows its connection to another group (${when} each step)`, async function () {
      this.timeout(120_000);
      await house.store.connections.put({ ...shop, group: otherGroup });
      for (let at = 1; at < manySteps; at++) {
        const { telegram, life, died } = scene(house, at, when);
        const base = at * 1000;
        const peer = peerOf('user', base);
        const topic = { state: 'open', randomId: `${base}`, id: base } as const;
        const id = dialogId(shop.id, peer);
        await house.store.dialogs.ensure({ id, connection: shop.id, peer, group, topic, createdAt: 0 });
        const perished = await play(
          life,
          died,
          telegram,
          async (wake) => {
            const events = [1, 2].map((n) => fromClient(base + n, `m${n}`, { peer, author: peer }));
            await house.journal(shop.id, events);
            wake();
          },
          () => telegram.group.length >= 3,
        );
        const posts = telegram.group.map((post) => `${post.peer} ${post.text.split('\n')[0] ?? ''}`);
        const expected = [`👤 User ${base}`, 'm1', 'm2'].map((text) => `${otherGroup} ${text}`);
        expect(posts, `${when} step ${at}`).to.deep.equal(expected);
        expect(telegram.topics, `topics, ${when} step ${at}`).to.have.length(1);
        if (!perished) return;
      }
      throw new Error('the story has more steps than the test expects');
    });

    it(`M5 M6 loses and repeats nothing on the way to the client (${when} each step)`, async function () {
      this.timeout(120_000);
      for (let at = 1; at < manySteps; at++) {
        const { telegram, life, died } = scene(house, at, when);
        const base = at * 1000;
        const peer = `user:${base}` as typeof shop.peer;
        const dialog = `${shop.id}-user-${base}` as Parameters<Store['dialogs']['get']>[0];
        await house.store.dialogs.ensure({
          id: dialog,
          connection: shop.id,
          peer,
          group: shop.group,
          topic: { state: 'open', randomId: String(base), id: base },
          createdAt: 0,
        });
        const perished = await play(
          life,
          died,
          telegram,
          async (wake) => {
            await house.journal(desk.id, [
              fromOperator(base + 1, base, 'a1'),
              fromOperator(base + 2, base, 'a2'),
            ]);
            wake();
          },
          () => telegram.client.length >= 2 && telegram.reactions.length >= 2,
        );
        expect(
          telegram.client.map(({ text }) => text),
          `${when} step ${at}`,
        ).to.deep.equal(['a1', 'a2']);
        expect(new Set(telegram.reactions), 'marks').to.deep.equal(new Set([base + 1, base + 2]));
        // The echo of our own send, as a difference would bring it, is recognised by its link.
        const echo = telegram.client.map(({ id, text }) =>
          fromClient(id, text, { peer, author: shop.peer, out: true }),
        );
        await house.journal(shop.id, echo);
        // The echoes of the story before would stand here now.
        expect(telegram.group, 'echoes in the group').to.deep.equal([]);
        if (!perished) return;
      }
      throw new Error('the story has more steps than the test expects');
    });
  }
});

function scene(
  house: House,
  at: number,
  when: 'before' | 'after',
): { telegram: SmallTelegram; life: Mortal; died: Promise<void> } {
  const telegram = new SmallTelegram((owner, events) => house.journal(owner, events), at * 1000 + 500);
  let tell: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (tell = resolve));
  return { telegram, life: mortal(at, when, () => tell()), died };
}

function wrapped(store: OpenedStore, life: Mortal): Store & Pick<OpenedStore, 'holes'> {
  const { connections, sessions, leases, peers, holes } = store;
  return {
    connections,
    sessions,
    leases,
    peers,
    holes,
    journal: life.wrap(store.journal),
    dialogs: life.wrap(store.dialogs),
    links: life.wrap(store.links),
    deliveries: life.wrap(store.deliveries),
  };
}

/** Nothing is open any more. */
async function settled(store: Store): Promise<void> {
  for (let look = 0; look < 1000; look++) {
    if ((await store.deliveries.openLanes('', 1)).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('deliveries stay open');
}
