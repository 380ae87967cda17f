import { expect } from 'chai';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../emulator/world/model.js';
import { answerOf } from '../cli/endings.js';
import { marked, SHOP_TOKEN } from '../cli/place.js';
import { hasRedisServer } from '../support/redis-server.js';
import { until } from '../walks/until.js';
import { readCompose, secondsOf, serviceOf } from './compose-file.js';
import { databaseInUse, openHouse, type GatewayContainer, type House } from './house.js';
import { commandsOfThePages, probesOfThePages } from './pages.js';

const why = hasRedisServer ? '' : '; left out: there is no redis-server on the PATH';

describe(`docker-compose.yml started by hand (database: ${databaseInUse}${why})`, function () {
  this.timeout(180_000);
  let house: House;
  let close = async (): Promise<void> => undefined;
  let first: GatewayContainer;
  let second: GatewayContainer;
  let olga: Account;
  let written = 0;

  before(async function () {
    if (!hasRedisServer) this.skip();
    house = await openHouse();
    close = () => house.close();
    [first, second] = Object.values(house.gateways) as [GatewayContainer, GatewayContainer];
    const { accounts } = house.place.telegram.world;
    olga = [...accounts.values()].find(({ firstName }) => firstName === 'Olga')!;
    const login = first.exec([
      'node',
      'dist/cli.js',
      'login',
      'bot',
      '--group',
      marked(house.place.groups.team),
    ]);
    login.type(SHOP_TOKEN);
    answerOf(await login.ended);
  });
  after(() => close());

  /** Ann writes to the shop. */
  function write(): void {
    written += 1;
    const { telegram, people, shop } = house.place;
    telegram.world.actAs(people.ann).send({ kind: 'user', id: shop.id }, { text: `line ${written}` });
  }

  const lines = (): string[] =>
    [...house.place.groups.team.box.messages.values()]
      .map(({ body }) => body.text)
      .filter((text) => text.startsWith('line '));

  async function expectEveryLineOnce(): Promise<void> {
    await until(() => lines().length >= written, `${written} lines in the topic`, 60_000);
    expect(lines()).to.deep.equal(Array.from({ length: written }, (_, index) => `line ${index + 1}`));
  }

  /** Olga answers in Ann's topic; it arrives and is marked. */
  async function answer(text: string): Promise<void> {
    const { telegram, people, groups } = house.place;
    const topic = [...groups.team.topics.values()].find(({ title }) => title === 'Ann')?.id ?? 0;
    const sent = telegram.world.actAs(olga).send({ kind: 'channel', id: groups.team.id }, { text, topic });
    await until(() => sent.body.reactions.size > 0, 'the mark of the delivery', 60_000);
    expect([...people.ann.box.messages.values()].at(-1)?.body.text).to.equal(text);
  }

  it('O1 O3 both gateways are healthy; what Ann writes and what Olga answers arrives; doctor and backup find all well', async () => {
    write();
    await expectEveryLineOnce();
    await answer('Hello Ann.');
    const doctor = await second.exec(['node', 'dist/cli.js', 'doctor']).ended;
    expect(answerOf(doctor), doctor.stderr).to.include({ healthy: true });
    const backup = second.exec([
      'node',
      'dist/cli.js',
      'backup',
      `${second.dataDir}.backup`,
      '--with-sessions',
    ]);
    expect(answerOf(await backup.ended)).to.include({ sessions: true });
    expect(existsSync(first.dataDir) || existsSync(second.dataDir), 'the root may be read-only').to.equal(
      false,
    );
    expect(readdirSync(house.app).sort()).to.deep.equal(['dist', 'node_modules', 'package.json']);
    expect(existsSync(join(house.app, 'dist/main.js'))).to.equal(true);
  });

  it('O4 the probes and commands that the documents name are there', async () => {
    for (const path of probesOfThePages()) {
      const { status } = await fetch(`${second.url}${path}`);
      expect(status, path).to.equal(200);
    }
    const { stderr: help } = await second.exec(['node', 'dist/cli.js', '--help']).ended;
    for (const command of commandsOfThePages()) expect(help).to.match(new RegExp(`^ {2}${command}\\b`, 'm'));
  });

  it('O4 a rolling restart: each ends within its grace period, and every line stands in the topic once and in order', async () => {
    const graceMs =
      1000 * secondsOf(serviceOf(readCompose({ TELEGRAM_API_ID: '1' }), 'gateway-1').stop_grace_period);
    write();
    for (const gateway of [first, second]) {
      const ending = gateway.stop();
      const asked = Date.now();
      write();
      const { code, stderr } = await ending;
      expect(code, stderr).to.equal(0);
      expect(Date.now() - asked).to.be.below(graceMs);
      expect(await gateway.health(), 'the health check of a container that has ended').to.equal(1);
      write();
      await expectEveryLineOnce();
      await answer(`While one is away, ${written}.`);
      await gateway.up();
    }
    write();
    await expectEveryLineOnce();
  });
});
