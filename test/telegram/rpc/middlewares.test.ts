import { expect } from 'chai';
import type { tl } from '@mtcute/tl';
import { GatewayError } from '../../../src/domain/errors.js';
import { toLong } from '../../../src/telegram/tl/long.js';
import { rpcFailure } from '../../../src/telegram/rpc/errors.js';
import { doubt } from '../../../src/telegram/rpc/middlewares/doubt.js';
import { floodWait } from '../../../src/telegram/rpc/middlewares/flood-wait.js';
import { attempt } from '../../../src/telegram/rpc/middlewares/deadline.js';
import { compose, type Middleware } from '../../../src/telegram/rpc/middlewares/middleware.js';
import { transientRetry } from '../../../src/telegram/rpc/middlewares/transient.js';
import { isRepeatable, patienceFor } from '../../../src/telegram/rpc/request-class.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const send = (userId: number): tl.RpcMethod => ({
  _: 'messages.sendMessage',
  peer: { _: 'inputPeerUser', userId, accessHash: toLong(1n) },
  message: '',
  randomId: toLong(1n),
});
const leave: tl.RpcMethod = { _: 'channels.leaveChannel', channel: { _: 'inputChannelEmpty' } };
const flood = (seconds: number) => rpcFailure(420, `FLOOD_WAIT_${seconds}`, 'messages.sendMessage');
const trouble = rpcFailure(500, 'INTERNAL', 'x');

/** Telegram's side of one middleware: answers or throws what it is given, in turn, and says when it was asked. */
class Asked {
  readonly clock = new VirtualClock();
  readonly atMs: number[] = [];
  readonly #turns: unknown[];
  readonly #middleware: Middleware;
  readonly #startMs = this.clock.now();

  constructor(middleware: (clock: VirtualClock) => Middleware, turns: unknown[]) {
    this.#turns = turns;
    this.#middleware = middleware(this.clock);
  }

  async call(request: tl.RpcMethod, deadlineMs = 60_000, signal?: AbortSignal): Promise<unknown> {
    const context = { deadlineAtMs: this.clock.now() + deadlineMs, ...(signal ? { signal } : {}) };
    return this.#middleware(request, context, async () => {
      this.atMs.push(this.clock.now() - this.#startMs);
      const turn = this.#turns.shift() ?? 'done';
      if (turn instanceof Error) throw turn;
      return turn;
    });
  }
}

const floods = (...turns: unknown[]) => new Asked((clock) => floodWait(clock, 10), turns);
const troubles = (...turns: unknown[]) => new Asked((clock) => transientRetry(clock, () => 0), turns);
/** How a call ends whose attempts end like these, with every repetition in its place. */
async function doubted(request: tl.RpcMethod, ...turns: unknown[]): Promise<unknown> {
  const { outermost, innermost } = doubt();
  const asked = new Asked((clock) => {
    const between = [outermost, floodWait(clock, 10), transientRetry(clock, () => 0), innermost];
    return (one, context, next) => compose(between, next)(one, context);
  }, turns);
  const call = caught(asked.call(request));
  await asked.clock.advance(30_000);
  return call;
}
const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe('the middlewares of calls', () => {
  it('M7 a short flood wait is waited out to the second, and only its own peer waits', async () => {
    const asked = floods(flood(5));
    const first = asked.call(send(1));
    await asked.clock.advance(1_000);
    const samePeer = asked.call(send(1));
    const otherPeer = asked.call(send(2));
    expect(await otherPeer).to.equal('done');
    expect(asked.atMs).to.deep.equal([0, 1_000]);
    await asked.clock.advance(4_000);
    expect(await Promise.all([first, samePeer])).to.deep.equal(['done', 'done']);
    expect(asked.atMs).to.deep.equal([0, 1_000, 5_000, 5_000]);
    expect(asked.clock.pending).to.equal(0);
  });

  it('M7 a long flood wait is thrown, and remembered: the next call is refused with what is left, unasked', async () => {
    const asked = floods(flood(100));
    expect(await caught(asked.call(send(1)))).to.include({ code: 'FLOOD_WAIT', detail: '100' });
    await asked.clock.advance(40_000);
    expect(await caught(asked.call(send(1)))).to.include({ code: 'FLOOD_WAIT', detail: '60' });
    expect(asked.atMs).to.deep.equal([0]);
    await asked.clock.advance(60_000);
    expect(await asked.call(send(1))).to.equal('done');
  });

  it('a flood wait that outlasts the deadline is thrown at once', async () => {
    const asked = floods(flood(5));
    expect(await caught(asked.call(send(1), 3_000))).to.have.property('code', 'FLOOD_WAIT');
    expect(asked.atMs).to.deep.equal([0]);
  });

  it("Telegram's own trouble is repeated after 0.5, 1 and 2 s, four attempts in all", async () => {
    const asked = troubles(trouble, trouble, trouble, trouble);
    const call = caught(asked.call(send(1)));
    await asked.clock.advance(10_000);
    expect(await call).to.equal(trouble);
    expect(asked.atMs).to.deep.equal([0, 500, 1_500, 3_500]);
  });

  it('M1 a lost answer is asked for again only where a second execution changes nothing', async () => {
    const lost = new GatewayError('ANSWER_LOST', 'x');
    const sending = troubles(lost);
    const call = sending.call(send(1));
    await sending.clock.advance(1_000);
    expect(await call).to.equal('done');
    const leaving = troubles(lost);
    expect(await caught(leaving.call(leave))).to.equal(lost);
    expect(leaving.atMs).to.have.length(1);
  });

  it('M1 a send whose answer was lost stays in doubt, whatever its next attempt meets', async () => {
    const lost = new GatewayError('ANSWER_LOST', 'x');
    const closed = new GatewayError('TELEGRAM_UNREACHABLE', 'the link is closed');
    expect(await doubted(send(1), lost, closed)).to.equal(lost);
    expect(await doubted(send(1), trouble, closed)).to.equal(trouble);
    expect(await doubted(send(1), lost, flood(5), closed)).to.equal(lost);
    expect(await doubted(send(1), lost, flood(100))).to.equal(lost);
    for (const refusal of [
      rpcFailure(403, 'USER_IS_BLOCKED', 'x'),
      rpcFailure(401, 'SESSION_REVOKED', 'x'),
    ]) {
      expect(await doubted(send(1), lost, refusal)).to.equal(lost);
      expect(await doubted(send(1), refusal)).to.equal(refusal);
    }
    expect(await doubted(send(1), closed)).to.equal(closed);
    expect(await doubted({ _: 'updates.getState' }, lost, closed)).to.equal(closed);
  });

  it('M1 a send that the link had to repeat stays in doubt, unless Telegram says that it has it', async () => {
    const again = (code: number, text: string) => rpcFailure(code, text, 'messages.sendMessage', true);
    for (const refusal of [again(420, 'FLOOD_WAIT_100'), again(403, 'USER_IS_BLOCKED')]) {
      expect(await doubted(send(1), refusal)).to.have.property('code', 'ANSWER_LOST');
      expect(await doubted({ _: 'updates.getState' }, refusal)).to.equal(refusal);
    }
    const known = again(500, 'RANDOM_ID_DUPLICATE');
    expect(await doubted(send(1), known)).to.equal(known);
    expect(await doubted(send(1), again(420, 'FLOOD_WAIT_5'), 'sent')).to.equal('sent');
  });

  it('other refusals are not repeated, nor is anything after the deadline or an abort', async () => {
    const refused = rpcFailure(400, 'PEER_ID_INVALID', 'x');
    expect(await caught(troubles(refused).call(send(1)))).to.equal(refused);
    expect(await caught(troubles(trouble).call(send(1), 100))).to.equal(trouble);
    const abort = new AbortController();
    const asked = troubles(trouble);
    const call = caught(asked.call(send(1), 60_000, abort.signal));
    await asked.clock.advance(0);
    abort.abort();
    expect(await call).to.equal(trouble);
    expect(asked.atMs).to.have.length(1);
  });

  it('C5 a call that can not leave waits up to its deadline, one that left up to the end of its attempt', async () => {
    const clock = new VirtualClock();
    const asked: number[] = [];
    const caller = (code: 'TELEGRAM_UNREACHABLE' | 'ANSWER_LOST') => () => ({
      call: async (_: tl.RpcMethod, { deadlineMs = 0 } = {}): Promise<never> => {
        asked.push(deadlineMs);
        await clock.sleep(deadlineMs);
        throw new GatewayError(code, 'x');
      },
    });
    const context = { deadlineAtMs: clock.now() + 50_000 };
    const request: tl.RpcMethod = { _: 'updates.getState' };
    const waiting = caught(attempt(caller('TELEGRAM_UNREACHABLE'), clock)(request, context));
    await clock.advance(50_000);
    expect(await waiting).to.have.property('code', 'TELEGRAM_UNREACHABLE');
    expect(asked).to.deep.equal([20_000, 20_000, 10_000]);
    const later = { deadlineAtMs: clock.now() + 50_000 };
    const left = caught(attempt(caller('ANSWER_LOST'), clock)(request, later));
    await clock.advance(20_000);
    expect(await left).to.have.property('code', 'ANSWER_LOST');
  });

  it('reads, transfers and what carries a random id may be repeated', () => {
    const part = {
      _: 'upload.saveFilePart',
      fileId: toLong(1n),
      filePart: 0,
      bytes: new Uint8Array(),
    } as const;
    const album: tl.RpcMethod = {
      _: 'messages.sendMultiMedia',
      peer: { _: 'inputPeerSelf' },
      multiMedia: [],
    };
    const press = { _: 'messages.getBotCallbackAnswer', peer: { _: 'inputPeerSelf' }, msgId: 1 } as const;
    const repeatable: tl.RpcMethod[] = [{ _: 'updates.getState' } as const, part, album, send(1)];
    expect(repeatable.map(isRepeatable)).to.deep.equal([true, true, true, true]);
    const effects: tl.RpcMethod[] = [leave, press, { _: 'auth.logOut' }];
    expect(effects.map(isRepeatable)).to.deep.equal([false, false, false]);
    expect(patienceFor(part).attemptMs).to.be.greaterThan(patienceFor(send(1)).attemptMs);
  });
});
