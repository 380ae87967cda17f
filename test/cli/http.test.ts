import { expect } from 'chai';
import { freePort } from '../support/redis-server.js';
import { expectRefused } from './endings.js';
import { openPlace, type Place } from './place.js';
import { killPrograms, ready, runGateway } from './process.js';

describe('what other machines look at', function () {
  this.timeout(60_000);
  let place: Place;
  let port: number;
  before(async () => {
    place = await openPlace();
    port = await freePort();
  });
  afterEach(killPrograms);
  after(() => place.close());

  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  const statusOf = (path: string): Promise<number | 'nobody'> =>
    get(path).then(
      ({ status }) => status,
      () => 'nobody' as const,
    );

  it('I4 O4 a gateway that says ready is alive and ready, tells its figures without secrets, and is gone after SIGTERM', async () => {
    const gateway = runGateway(place.env({ HTTP_LISTEN: `127.0.0.1:${port}` }));
    await ready(gateway);
    expect(await statusOf('/healthz')).to.equal(200);
    expect(await statusOf('/readyz')).to.equal(200);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).to.match(/^understudy_store_up 1$/m);
    expect(metrics).to.match(/^understudy_sessions_held\{kind="desk"\} 1$/m);
    expect(metrics).to.not.contain(place.env()['SERVICE_BOT_TOKEN']?.split(':')[1]);
    gateway.kill('SIGTERM');
    const { code, stderr } = await gateway.ended;
    expect(code, stderr).to.equal(0);
    expect(await statusOf('/readyz')).to.equal('nobody');
  });

  it('O1 a second gateway on the same port ends with 2 and says how to give it another, or none', async () => {
    const listen = { HTTP_LISTEN: `127.0.0.1:${port}` };
    await ready(runGateway(place.env(listen)));
    const sentence = new RegExp(
      `^HTTP_LISTEN=127\\.0\\.0\\.1:${port} is taken by another program; two gateways `,
    );
    expectRefused(await runGateway(place.env(listen)).ended, { code: 2, sentence });
    const other = runGateway(place.env({ HTTP_LISTEN: 'off' }));
    await ready(other);
    other.kill('SIGTERM');
    expect((await other.ended).code).to.equal(0);
  });
});
