import { expect } from 'chai';
import { openInstallation } from '../../src/app/installation.js';
import { listConnections, type ListedConnection } from '../../src/cli/connections.js';
import type { Account } from '../emulator/world/model.js';
import { freePort } from '../support/redis-server.js';
import { openStage, type Stage } from './stage.js';
import { until } from './until.js';

/** "Within seconds", with room for a loaded machine. */
const secondsMs = 20_000;

describe('a stretch that Telegram does not replay', () => {
  let stage: Stage;
  let port: number;
  beforeEach(async () => {
    port = await freePort();
    stage = await openStage({
      difference: { slice: 200, tooLong: 5, channelTooLong: 5, short: true },
      variables: { HTTP_LISTEN: `127.0.0.1:${port}` },
    });
    await stage.connectBot();
    await stage.start();
  });
  afterEach(() => stage.close());

  const say = (text: string): void => {
    stage.telegram.world.actAs(stage.cast.ann).send({ kind: 'user', id: stage.cast.shop.id }, { text });
  };
  const numbers = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);
  /** Ann's topic with its first post. */
  const begun = async (): Promise<number> => {
    say('message 1');
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the first post', secondsMs);
    return topic;
  };
  /** Telegram tells this session nothing by id. */
  const refuseIds = ({ id }: Account, method: string): void => {
    stage.telegram.faults.add({
      name: 'call.error',
      code: 400,
      text: 'MSG_ID_INVALID',
      when: { user: BigInt(id), method },
    });
  };
  /** What stands in General of these signs. */
  const general = (sign: RegExp): string[] =>
    [...stage.cast.group.box.messages.values()]
      .filter(({ body }) => body.topic === undefined && sign.test(body.text))
      .map(({ body }) => body.text);
  const metric = async (name: string): Promise<number | undefined> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  const listed = async (): Promise<ListedConnection | undefined> => {
    const installation = await openInstallation(stage.settings, 'join');
    const [row] = await listConnections(installation.store);
    await installation.close();
    return row;
  };

  it('C5 and that nothing can fetch is seen in General, in the state and in the metrics, once, and life goes on', async () => {
    const topic = await begun();
    const owner = `c${stage.cast.shop.id}`;
    expect(await metric(`understudy_open_holes{owner="${owner}"}`)).to.equal(0);
    await stage.stop();
    for (const text of numbers(2, 12)) say(text);
    refuseIds(stage.cast.shop, 'messages.getMessages');
    await stage.start();
    await until(() => general(/^⚠️/).length > 0, 'the line in General', secondsMs);
    expect(general(/^⚠️/)[0])
      .to.match(/^⚠️ Shop \(@shop_bot\): messages of clients may be missing\.\n/)
      .and.to.match(
        /in the private chats of Shop \(@shop_bot\) between \d{4}-\d\d-\d\d \d\d:\d\d UTC and \d{4}-/,
      )
      .and.to.contain("Compare with what the bot's own program has of that time.");
    expect(await metric(`understudy_open_holes{owner="${owner}"}`)).to.equal(1);
    expect(await metric(`understudy_lost_holes{owner="${owner}"}`)).to.equal(1);
    expect(await metric('understudy_holes_total{reason="too-long"}')).to.equal(1);
    expect(await listed()).to.include({ id: owner, openHoles: 1, lostHoles: 1 });
    say('message 13');
    await until(() => stage.posts(topic).length >= 2, 'the next message', secondsMs);
    await stage.stop();
    await stage.start();
    say('message 14');
    await until(() => stage.posts(topic).length >= 3, 'a message after the restart', secondsMs);
    expect(stage.posts(topic)).to.deep.equal(['message 1', 'message 13', 'message 14']);
    expect(general(/^⚠️/)).to.have.length(1);
    expect(await listed()).to.include({ openHoles: 1, lostHoles: 1 });
  });

  it('C5 is fetched by id: every message stands in its topic in order, and no hole is open', async () => {
    const topic = await begun();
    await stage.stop();
    for (const text of numbers(2, 12)) say(text);
    await stage.start();
    await until(() => stage.posts(topic).length >= 12, 'every message', secondsMs);
    expect(stage.posts(topic)).to.deep.equal(numbers(1, 12));
    expect(await metric('understudy_holes_total{reason="too-long"}')).to.equal(1);
    expect(await metric(`understudy_open_holes{owner="c${stage.cast.shop.id}"}`)).to.equal(0);
    expect(await listed()).to.include({ openHoles: 0, lostHoles: 0 });
    expect(general(/^[⚠✅]/u)).to.deep.equal([]);
  });

  it('C5 M5 in the group, the team reads that answers may not have arrived', async () => {
    const topic = await begun();
    await stage.stop();
    const { olga, group, desk } = stage.cast;
    for (const text of numbers(2, 12))
      stage.telegram.world.actAs(olga).send({ kind: 'channel', id: group.id }, { text, topic });
    refuseIds(desk, 'channels.getMessages');
    await stage.start();
    await until(() => general(/^⚠️/).length > 0, 'the line in General', secondsMs);
    expect(general(/^⚠️/)).to.have.length(1);
    expect(general(/^⚠️/)[0]).to.match(/^⚠️ Answers that were written in this group may be missing\.\n/);
    expect(await metric(`understudy_lost_holes{owner="d${desk.id}"}`)).to.equal(1);
    const answer = stage.telegram.world
      .actAs(olga)
      .send({ kind: 'channel', id: group.id }, { text: 'message 13', topic });
    await until(() => answer.body.reactions.size > 0, 'the mark of the next answer', secondsMs);
  });
});
