import { expect } from 'chai';
import type { Connection } from '../../src/domain/connection.js';
import type { Account } from '../emulator/world/model.js';
import { fastClock } from '../telegram/link/fast-clock.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

/** "Within seconds", with room for a loaded machine. */
const secondsMs = 20_000;

describe('sessions under fault', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
    await stage.connectBot();
  });
  afterEach(() => stage.close());

  const say = (text: string): void => {
    stage.telegram.world.actAs(stage.cast.ann).send({ kind: 'user', id: stage.cast.shop.id }, { text });
  };
  /** The gateway runs, and Ann's topic has one post in it. */
  const begun = async (): Promise<number> => {
    await stage.start();
    say('one');
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the first post');
    return topic;
  };
  const posted = async (topic: number, ...posts: string[]): Promise<void> => {
    await until(() => stage.posts(topic).length >= posts.length, posts.join(', '), secondsMs);
    expect(stage.posts(topic)).to.deep.equal(posts);
  };
  const revoke = (account: Account): void => {
    for (const { authKeyId } of stage.telegram.server.authorisations(BigInt(account.id)))
      stage.telegram.server.revoke(authKeyId);
  };
  const shopRow = async (holds: (row: Connection) => boolean, what: string): Promise<Connection> => {
    for (const end = Date.now() + secondsMs; ;) {
      const [row] = await stage.connections();
      if (row !== undefined && holds(row)) return row;
      if (Date.now() > end) throw new Error(`Nobody saw ${what}: ${row?.state} ${row?.stateReason}`);
    }
  };
  const dead = (): Promise<Connection> => shopRow(({ state }) => state === 'needs-login', 'needs-login');
  const live = (): Promise<Connection> => shopRow(({ state }) => state === 'live', 'live');
  const alerts = (): string[] =>
    [...stage.cast.group.box.messages.values()]
      .filter(({ body }) => body.text.startsWith('🔴'))
      .map(({ body }) => body.text);
  /** What Ann has. */
  const texts = (): string[] => [...stage.cast.ann.box.messages.values()].map(({ body }) => body.text);
  const callsOf = ({ id }: Account): string[] =>
    stage.telegram.calls.filter(({ caller }) => caller.userId === BigInt(id)).map(({ name }) => name);
  /** Nobody but the desk calls Telegram, and nobody connects, for a while. */
  const silent = async (): Promise<void> => {
    const { calls, server } = stage.telegram;
    const seen = (): number[] => [
      calls.filter(({ caller }) => caller.userId !== BigInt(stage.cast.desk.id)).length,
      server.accepted,
    ];
    const before = seen();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(seen(), 'calls and connections').to.deep.equal(before);
  };

  describe('a session that is dead', () => {
    const deaths: [string, RegExp, () => void][] = [
      ['revoked', /\(AUTH_KEY_UNREGISTERED\)/, () => revoke(stage.cast.shop)],
      ['under a duplicated key', /\(AUTH_KEY_DUPLICATED\)/, () => refuse(406, 'AUTH_KEY_DUPLICATED')],
      ['banned', /\(USER_DEACTIVATED_BAN\)/, () => refuse(401, 'USER_DEACTIVATED_BAN')],
    ];
    const refuse = (code: number, text: string): void => {
      stage.telegram.faults.add({
        name: 'call.error',
        code,
        text,
        when: { user: BigInt(stage.cast.shop.id) },
      });
      stage.telegram.faults.add({ name: 'socket.reset', when: { user: BigInt(stage.cast.shop.id) } });
    };

    for (const [how, reason, kill] of deaths) {
      it(`C4 C5 ${how}: says so on its row and in General, asks Telegram nothing, and a new login catches up`, async () => {
        const topic = await begun();
        kill();
        const row = await dead();
        expect(row.stateReason)
          .to.match(/^Telegram has ended this session/)
          .and.to.match(reason);
        expect(row.stateReason).to.contain('log the connection in again');
        await until(() => alerts().length === 1, 'the alert', secondsMs);
        expect(alerts()[0]).to.match(/^🔴 Shop \(@shop_bot\): Telegram has ended/);
        expect(alerts()[0]).to.contain(`login bot --group -100${stage.cast.group.id}`);
        say('two');
        stage.telegram.world
          .actAs(stage.cast.olga)
          .send({ kind: 'channel', id: stage.cast.group.id }, { text: 'answer', topic });
        await silent();
        stage.telegram.faults.clear();
        await stage.connectBot();
        await live();
        say('three');
        await posted(topic, 'one', 'answer', 'two', 'three');
        await until(() => texts().includes('answer'), 'the answer', secondsMs);
        expect(texts().filter((text) => text === 'answer')).to.have.length(1);
        expect(alerts()).to.have.length(1);
      });
    }
    it('C4 the alert is told once, also over a restart', async () => {
      await begun();
      revoke(stage.cast.shop);
      await until(() => alerts().length === 1, 'the alert', secondsMs);
      await stage.stop();
      await stage.start();
      await dead();
      say('unheard');
      await silent();
      expect(alerts()).to.have.length(1);
    });
  });

  it('C1 M1 M5 the desk bot, its session revoked, comes back by its token and nothing is lost', async () => {
    const topic = await begun();
    revoke(stage.cast.desk);
    say('two');
    const answer = stage.telegram.world
      .actAs(stage.cast.olga)
      .send({ kind: 'channel', id: stage.cast.group.id }, { text: 'meanwhile', topic });
    await posted(topic, 'one', 'meanwhile', 'two');
    await until(() => answer.body.reactions.size > 0, 'the mark', secondsMs);
    expect(
      callsOf(stage.cast.desk).filter((name) => name === 'auth.importBotAuthorization').length,
    ).to.be.below(3);
  });

  it('C5 a clock that jumps an hour ahead and back loses nothing', async () => {
    const topic = await begun();
    const jump = stage.telegram.faults.add({ name: 'session.clock', seconds: 3600 });
    say('two');
    await until(() => stage.posts(topic).length === 2, 'the post under the other clock', secondsMs);
    stage.telegram.faults.remove(jump);
    say('three');
    await until(() => stage.posts(topic).length === 3, 'the post after it', secondsMs);
    expect(stage.posts(topic).map((post) => post.split('\n').at(-1))).to.deep.equal(['one', 'two', 'three']);
  });

  it('C5 a black-holed connection is replaced within seconds and what it swallowed arrives', async () => {
    const topic = await begun();
    const when = { user: BigInt(stage.cast.shop.id) };
    // The connection of now goes deaf for good, and what was on its way to us is lost; new ones are whole.
    stage.telegram.faults.add({ name: 'socket.black-hole', when, times: 1 });
    stage.telegram.faults.add({ name: 'push.drop', when, times: 2 });
    const before = stage.telegram.server.accepted;
    for (const text of ['two', 'three']) say(text);
    await posted(topic, 'one', 'two', 'three');
    expect(stage.telegram.server.accepted - before, 'new connections').to.equal(1);
  });

  it('C6 a client that keeps its connection but gets no answers any more is rebuilt', async () => {
    // Ten times as fast: the minute of silence and its 20 s of patience take eight seconds.
    await stage.start(fastClock(10));
    await live();
    const user = BigInt(stage.cast.shop.id);
    stage.telegram.faults.add({ name: 'call.lost', when: { user } });
    stage.telegram.faults.add({ name: 'push.drop', when: { user } });
    say('swallowed');
    await shopRow(
      ({ stateReason }) => stateReason?.includes('does not answer any more') === true,
      'the rebuilding',
    );
    stage.telegram.faults.clear();
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the message', secondsMs);
    expect(stage.posts(topic)[0]).to.contain('swallowed');
  });
});

describe('a login that lands in the wrong data centre', () => {
  it('C2 C4 goes to the right one, and the session stays there over a restart', async () => {
    const stage = await openStage({ dcs: [2, 4], accountDc: 4 });
    try {
      await stage.connectAccount();
      await stage.start();
      const { ann, max } = stage.cast;
      const { world } = stage.telegram;
      world.actAs(ann).send({ kind: 'user', id: max.id }, { text: 'one' });
      const topic = await stage.topic('Ann');
      await until(() => stage.posts(topic).length === 1, 'the first post', secondsMs);
      await stage.stop();
      world.actAs(ann).send({ kind: 'user', id: max.id }, { text: 'two' });
      await stage.start();
      await until(() => stage.posts(topic).length === 2, 'the second post', secondsMs);
      expect(stage.posts(topic)).to.deep.equal(['one', 'two']);
      const dcs = stage.telegram.server.authorisations(BigInt(max.id)).map(({ dc }) => dc);
      expect(dcs).to.deep.equal([4]);
    } finally {
      await stage.close();
    }
  });
});
