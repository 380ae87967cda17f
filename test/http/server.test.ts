import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import { openServer } from '../../src/http/server.js';
import { systemClock } from '../../src/runtime/clock.js';
import { silentLog } from '../support/silent-log.js';
import { fastClock } from '../telegram/link/fast-clock.js';
import { openHttpPlace, sayRaw, type Place } from './observed.js';

describe('the HTTP server', () => {
  let place: Place;
  beforeEach(async () => (place = await openHttpPlace()));
  afterEach(() => place.close());

  const expectProblem = async (response: Response, status: number): Promise<void> => {
    expect(response.status).to.equal(status);
    expect(response.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).to.include({ type: 'about:blank', status });
    expect(body).to.have.all.keys('type', 'title', 'status', 'detail');
  };

  it('I4 an unknown address is a problem detail that repeats nothing of the request', async () => {
    await expectProblem(await place.get('/secret-7000000100:AAtoken'), 404);
    const text = await (await place.get('/secret-7000000100:AAtoken')).text();
    expect(text).to.not.contain('AAtoken');
  });

  it('I4 known addresses are only read: anything but GET and HEAD is 405, whatever its body', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const head = await place.get(path, { method: 'HEAD' });
      expect([head.status, await head.text()]).to.deep.equal([path === '/readyz' ? 503 : 200, '']);
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const refused = await place.get(path, { method, body: 'x'.repeat(100_000) });
        expect(refused.headers.get('allow')).to.equal('GET, HEAD');
        await expectProblem(refused, 405);
      }
    }
    await expectProblem(await place.get('/elsewhere', { method: 'POST', body: '{' }), 404);
  });

  it('I4 what is no HTTP, or has too large a head, is refused as a problem and cut off', async () => {
    const nonsense = await sayRaw(place.http.port, 'hello\r\n\r\n');
    expect(nonsense)
      .to.match(/^HTTP\/1\.1 400 /)
      .and.to.contain('application/problem+json');
    const large = await sayRaw(
      place.http.port,
      `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    );
    expect(large).to.match(/^HTTP\/1\.1 431 /);
    expect((await place.get('/healthz')).status, 'it goes on').to.equal(200);
  });

  it('I4 a head that does not end in time is cut off', async () => {
    const said = await sayRaw(place.http.port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n');
    expect(said).to.match(/^HTTP\/1\.1 408 /);
  }).timeout(20_000);

  it('O1 a port that is taken is one sentence with the way out', async () => {
    const listen = { host: '127.0.0.1', port: place.http.port };
    const thrown: unknown = await openServer({
      listen,
      addRoutes: () => undefined,
      clock: systemClock,
      log: silentLog,
    }).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(GatewayError).with.property('code', 'CONFIG_INVALID');
    expect((thrown as Error).message)
      .to.match(new RegExp(`^HTTP_LISTEN=127\\.0\\.0\\.1:${listen.port} is taken`))
      .and.to.contain('two gateways on one machine need different ports')
      .and.to.contain('HTTP_LISTEN=off');
  });

  it('O1 an address that this machine does not have is told as such', async () => {
    const thrown: unknown = await openServer({
      listen: { host: '192.0.2.1', port: 0 },
      addRoutes: () => undefined,
      clock: systemClock,
      log: silentLog,
    }).catch((error: unknown) => error);
    expect((thrown as Error).message).to.match(/^HTTP_LISTEN=192\.0\.2\.1:0 is no address of this machine/);
  });

  it('O4 it closes within its bound, also when an answer never comes', async () => {
    const server = await openServer({
      listen: { host: '127.0.0.1', port: 0 },
      addRoutes: (app) => app.get('/never', () => new Promise(() => undefined)),
      clock: fastClock(10),
      log: silentLog,
    });
    const answer = fetch(`http://127.0.0.1:${server.port}/never`).then(
      () => 'answered',
      () => 'cut off',
    );
    await fetch(`http://127.0.0.1:${server.port}/other`);
    const askedAt = Date.now();
    await Promise.all([server.close(), server.close()]);
    expect(Date.now() - askedAt, 'ms').to.be.below(5_000);
    expect(await answer).to.equal('cut off');
  });
});
