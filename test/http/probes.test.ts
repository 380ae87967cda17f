import { expect } from 'chai';
import { fastClock } from '../telegram/link/fast-clock.js';
import { openHttpPlace, type Place } from './observed.js';

const forever = (): Promise<never> => new Promise(() => undefined);

describe('health and readiness over HTTP', () => {
  let place: Place;
  afterEach(() => place.close());

  const missing = async (): Promise<string[]> => {
    const response = await place.get('/readyz');
    expect(response.status).to.equal(503);
    expect(response.headers.get('content-type')).to.match(/^application\/json/);
    const body = (await response.json()) as { status: string; missing: { part: string; why: string }[] };
    expect(body.status).to.equal('not ready');
    for (const { why } of body.missing) expect(why).to.match(/^The .*\.$/);
    return body.missing.map(({ part }) => part);
  };

  it('I4 O4 it is alive from the first moment, ready when the start is finished, and not ready once a stop is asked for', async () => {
    place = await openHttpPlace();
    const alive = await place.get('/healthz');
    expect([alive.status, await alive.json()]).to.deep.equal([200, { program: 'understudy', status: 'ok' }]);
    expect(await missing()).to.deep.equal(['start']);
    place.http.started();
    const ready = await place.get('/readyz');
    expect([ready.status, await ready.json()]).to.deep.equal([200, { status: 'ready' }]);
    expect(ready.headers.get('cache-control')).to.equal('no-store');
    place.stop.abort();
    expect(await missing()).to.deep.equal(['run']);
    expect((await place.get('/healthz')).status, 'still alive while it stops').to.equal(200);
  });

  it('I4 a store that is gone is named, in words of ours', async () => {
    place = await openHttpPlace();
    place.http.started();
    expect((await place.get('/readyz')).status).to.equal(200);
    await place.closeStore();
    expect(await missing()).to.deep.equal(['store']);
  });

  it('I4 a store and a queue that give no answer are named within the bound, and asked once however many look', async () => {
    let asked = 0;
    const silent = (): Promise<never> => {
      asked += 1;
      return forever();
    };
    place = await openHttpPlace(({ figures }) => ({
      clock: fastClock(20),
      figures: { ...figures, ping: silent },
      queue: { counts: forever },
    }));
    place.http.started();
    const looks = await Promise.all([missing(), missing(), missing()]);
    expect(looks).to.deep.equal(Array(3).fill(['store', 'queue']));
    expect(await missing()).to.deep.equal(['store', 'queue']);
    expect(asked).to.equal(1);
  });
});
