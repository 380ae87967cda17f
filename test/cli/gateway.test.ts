import { expect } from 'chai';
import { until } from '../walks/until.js';
import { answerOf, expectRefused } from './endings.js';
import { marked, openPlace, rowsIn, secretKey, SHOP_TOKEN, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway, type Env, type Program } from './process.js';

describe('Commands beside a running gateway', function () {
  this.timeout(60_000);
  let place: Place;
  let env: Env & { readonly DATA_DIR: string };
  let gateway: Program;
  before(async () => {
    place = await openPlace();
    env = place.env();
    gateway = runGateway(env);
    await ready(gateway);
  });
  after(async () => {
    await killPrograms();
    await place.close();
  });

  async function connectShop(): Promise<string> {
    const login = runCommand(['login', 'bot', '--group', marked(place.groups.team)], env);
    login.type(SHOP_TOKEN);
    return (answerOf(await login.ended) as { connection: string }).connection;
  }

  const stateOf = async (id: string): Promise<unknown> => {
    const { connections } = answerOf(await runCommand(['connections'], env).ended) as {
      connections: { id: string; state: string }[];
    };
    return connections.find((row) => row.id === id)?.state;
  };

  it('O1 C1 a login joins its store, within 3 s the gateway mirrors; doctor sees it; a logout ends it everywhere', async () => {
    const { world, server } = place.telegram;
    const { team } = place.groups;
    const id = await connectShop();
    world.actAs(place.people.ann).send({ kind: 'user', id: place.shop.id }, { text: 'hello?' });
    const posted = () => [...team.box.messages.values()].some(({ body }) => body.text === 'hello?');
    await until(posted, 'the post in the topic', 3_000);
    expect(await stateOf(id)).to.equal('live');

    const well = await runCommand(['doctor'], env).ended;
    expect(answerOf(well)).to.deep.equal({ healthy: true, checks: 11, failed: [], warnings: [] });
    expect(well.stderr.match(/^✓ [^:]+/gm)).to.deep.equal([
      '✓ Node.js',
      '✓ data directory',
      '✓ disk',
      '✓ HTTP',
      '✓ queue',
      '✓ store',
      '✓ indexes',
      '✓ store size',
      '✓ Telegram',
      '✓ Telegram clock',
      `✓ group ${marked(team)}`,
    ]);
    team.forum = false;
    const ill = await runCommand(['doctor'], env).ended;
    expect(ill.code).to.equal(6);
    expect(ill.stderr).to.match(/^✗ group -100\d+: The group -100\d+ has no topics; turn "Topics" on /m);
    expect(JSON.parse(ill.stdout)).to.deep.equal({
      healthy: false,
      checks: 11,
      failed: ['GROUP_NOT_FORUM'],
      warnings: [],
    });

    expect(answerOf(await runCommand(['logout', id], env).ended)).to.include({ loggedOut: true });
    expect(server.authorisations(BigInt(place.shop.id))).to.deep.equal([]);
    expect(await rowsIn(env.DATA_DIR)).to.deep.equal({ connections: [], sessions: ['d7000000200'] });
  });

  it('O1 a second gateway or store on the same directory ends with 5 and names the process', async () => {
    const sentence = new RegExp(`^The data directory is in use by process ${gateway.pid}; stop it first or `);
    const second = runGateway(env);
    const store = runCommand(['store', '--listen', '127.0.0.1:0', '--data', env.DATA_DIR], env);
    expectRefused(await second.ended, { code: 5, sentence });
    expectRefused(await store.ended, { code: 5, sentence });
    expect(await rowsIn(env.DATA_DIR), 'the first one goes on').to.have.property('sessions');
  });

  // The last one: it ends the gateway of the others.
  it('O1 O4 V1 it says ready exactly once and stops with 0 on SIGTERM; another key is refused with 2, its own starts again', async () => {
    const asked = Date.now();
    gateway.kill('SIGTERM');
    const { code, stdout, stderr } = await gateway.ended;
    expect(code, stderr).to.equal(0);
    expect(Date.now() - asked).to.be.below(25_000);
    const lines = stdout.split('\n').filter((line) => line !== '');
    expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal([
      { ready: true, pid: gateway.pid, roles: ['sessions', 'workers', 'http'], desks: ['d7000000200'] },
    ]);
    const sentence = /^The stored sessions cannot be decrypted with the given SECRET_KEYS or key file; give /;
    expectRefused(await runGateway({ ...env, SECRET_KEYS: secretKey() }).ended, { code: 2, sentence });
    const next = runGateway(env);
    await ready(next);
    next.kill('SIGINT');
    expect((await next.ended).code).to.equal(0);
  });
});
