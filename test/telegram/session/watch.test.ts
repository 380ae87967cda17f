import type { tl } from '@mtcute/tl';
import { expect } from 'chai';
import { GatewayError } from '../../../src/domain/errors.js';
import type { Caller } from '../../../src/telegram/link/link.js';
import { rpcFailure } from '../../../src/telegram/rpc/errors.js';
import { SilenceWatch } from '../../../src/telegram/session/watch.js';
import { VirtualClock } from '../../support/virtual-clock.js';

/** Refuses every call with this error, or never answers. */
class SilentCaller implements Caller {
  asked = 0;
  readonly #error: () => GatewayError;

  constructor(error: () => GatewayError) {
    this.#error = error;
  }

  async call<T extends tl.RpcMethod>(): Promise<tl.RpcCallReturn[T['_']]> {
    this.asked += 1;
    throw this.#error();
  }
}

describe('Watch over a silent client', () => {
  let clock: VirtualClock;
  let wedged: GatewayError[];

  beforeEach(() => {
    clock = new VirtualClock();
    wedged = [];
  });

  const watch = (caller: Caller) => new SilenceWatch(clock, caller, (error) => wedged.push(error));

  it('C6 asks nothing while Telegram is heard', async () => {
    const caller = new SilentCaller(() => new GatewayError('ANSWER_LOST', 'it'));
    const watching = watch(caller);
    for (let minute = 0; minute < 20; minute += 1) {
      await clock.advance(30_000);
      watching.heard();
    }
    expect(caller.asked).to.equal(0);
    watching.stop();
    expect(clock.pending).to.equal(0);
  });

  it('C6 after a minute of silence and no answer the client counts as wedged, once', async () => {
    const caller = new SilentCaller(() => new GatewayError('ANSWER_LOST', 'it'));
    watch(caller);
    await clock.advance(600_000);
    expect(caller.asked).to.equal(1);
    expect(wedged.map(({ code }) => code)).to.deep.equal(['TELEGRAM_UNREACHABLE']);
    expect(clock.pending).to.equal(0);
  });

  it('C6 M7 a pause that Telegram has asked for is no silence', async () => {
    const caller = new SilentCaller(() => new GatewayError('TELEGRAM_UNREACHABLE', 'it never left'));
    const watching = watch(caller);
    watching.rest(600_000);
    await clock.advance(650_000);
    expect(caller.asked).to.equal(0);
    await clock.advance(20_000);
    expect(caller.asked).to.equal(1);
    watching.stop();
  });

  it('C6 a refusal is an answer too', async () => {
    const caller = new SilentCaller(() => rpcFailure(500, 'INTERNAL', 'updates.getState'));
    const watching = watch(caller);
    await clock.advance(600_000);
    expect(caller.asked).to.be.within(9, 10);
    expect(wedged).to.deep.equal([]);
    watching.stop();
  });
});
