import { expect } from 'chai';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { GatewayError } from '../../src/domain/errors.js';
import { until } from '../walks/until.js';
import { Place } from './place.js';

describe('O1 a store whose thread ends by itself', () => {
  let place: Place;
  let told: GatewayError[];
  beforeEach(async () => {
    place = await Place.make();
    told = [];
  });
  afterEach(() => place.close());

  async function open(): Promise<{ thread: Worker; close: () => Promise<void> }> {
    const thread = once(process, 'worker') as Promise<[Worker]>;
    const store = await place.open({ onDeath: (error) => told.push(error) });
    return { thread: (await thread)[0], close: () => store.close() };
  }

  it('O1 tells it once, with the class of the cause, and still gives the directory back', async () => {
    const { thread, close } = await open();
    // No order that the thread knows: it falls over it.
    thread.postMessage(null);
    await until(() => told.length > 0, 'the news');
    expect(told[0]).to.include({
      code: 'INTERNAL',
      detail: 'the embedded store has died: TypeError',
    });
    expect(told[0]?.cause).to.be.an.instanceOf(TypeError);
    await close();
    await place.open();
    expect(told).to.have.length(1);
  });

  it('O1 tells it also where no cause is known', async () => {
    const { thread } = await open();
    await thread.terminate();
    expect(told.map(({ detail }) => detail)).to.deep.equal(['the embedded store has died']);
  });

  it('O1 says nothing when it was asked to close', async () => {
    const { close } = await open();
    await close();
    expect(told).to.deep.equal([]);
  });
});
