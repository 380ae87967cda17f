import { expect } from 'chai';
import { toLong } from '../../../src/telegram/tl/long.js';
import { getState, scripts, SPEED, type Bench } from './bench.js';
import { fastClock } from './fast-clock.js';
import { until } from './wait.js';
import { answer, rpcResult, unknown, update } from './wire-bodies.js';

export function callingConformance(bench: () => Bench): void {
  const { answering } = scripts(bench);
  describe('carries calls', () => {
    it('M1 no call is chained to another by invokeAfterMsg', async () => {
      const { dc, open } = bench();
      const link = await open();
      const send = (n: number) => ({
        _: 'messages.sendMessage' as const,
        peer: { _: 'inputPeerSelf' as const },
        message: `${n}`,
        randomId: toLong(BigInt(n)),
      });
      for (let n = 0; n < 20; n++) void link.call(send(n)).catch(() => undefined);
      await until('twenty sends', () => dc.named('messages.sendMessage').length === 20);
      expect(dc.heard.flatMap(({ wrappers }) => wrappers)).not.to.include('invokeAfterMsg');
      expect(dc.named('messages.sendMessage').map(({ object }) => object['message'])).to.deep.equal(
        Array.from({ length: 20 }, (_, n) => `${n}`),
      );
    });

    it('a call that left and was not answered in time is ANSWER_LOST, one that never left TELEGRAM_UNREACHABLE', async () => {
      const { dc, open } = bench();
      const link = await open();
      dc.script = ({ name }) => name === 'updates.getState';
      const left = link.call(getState, { deadlineMs: 50 }).catch((error: unknown) => error);
      expect(await left).to.have.property('code', 'ANSWER_LOST');
      dc.refusing = true;
      dc.line.socket.destroy();
      await until('the loss', () => dc.line.closed);
      const stayed = link.call(getState, { deadlineMs: 50 }).catch((error: unknown) => error);
      expect(await stayed).to.have.property('code', 'TELEGRAM_UNREACHABLE');
    });

    it('an aborted call is refused at once and never sent again', async () => {
      const { dc, events, open } = bench();
      const link = await open();
      dc.script = ({ name }) => name === 'updates.getState';
      const abort = new AbortController();
      const call = link.call(getState, { signal: abort.signal }).catch((error: unknown) => error);
      await until('the call', () => dc.named('updates.getState').length === 1);
      abort.abort();
      expect(await call).to.have.property('code', 'ANSWER_LOST');
      dc.line.socket.destroy();
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
      expect(dc.named('updates.getState')).to.have.length(1);
    });

    it('an unreadable answer may have been executed: ANSWER_LOST, and the difference is due', async () => {
      const { dc, events, open } = bench();
      const link = await open();
      dc.script = answering(({ msgId, line }) => line.say({ body: rpcResult(msgId, unknown) }) > 0n);
      expect(await link.call(getState).catch((error: unknown) => error)).to.have.property(
        'code',
        'ANSWER_LOST',
      );
      expect(events).to.deep.equal([{ type: 'undecodable', reason: 'updates.getState' }]);
    });

    it('M2 parts of 512 KiB pass by the dozen while pings are answered', async () => {
      const { dc, events, open } = bench();
      const clock = fastClock(SPEED);
      const link = await open({ clock });
      const part = Buffer.alloc(512 * 1024, 'x');
      dc.script = ({ name, msgId, line }) => {
        if (name !== 'upload.getFile') return false;
        const file = { _: 'upload.file', type: { _: 'storage.filePng' }, mtime: 1, bytes: part };
        line.say({ body: rpcResult(msgId, answer('upload.getFile', file)) });
        return true;
      };
      const request = {
        _: 'upload.getFile' as const,
        location: { _: 'inputTakeoutFileLocation' as const },
        offset: 0,
        limit: part.length,
      };
      const ask = async () => {
        for (let n = 0; n < 10; n++) {
          const file = await link.call({ ...request, offset: n * part.length });
          expect(file).to.have.nested.property('bytes.length', part.length);
        }
      };
      await Promise.all([ask(), ask(), ask(), ask()]);
      await until('a ping', () => dc.named('ping_delay_disconnect').length > 0);
      expect(events).to.deep.equal([]);
    });

    it('C5 while it is paused nothing arrives and pings go on; afterwards everything comes in order', async () => {
      const { dc, events, updates, open } = bench();
      const link = await open({ clock: fastClock(SPEED) });
      link.pause();
      for (let n = 0; n < 500; n++) dc.line.say({ body: update(n) });
      await until('two pings', () => dc.named('ping_delay_disconnect').length >= 2);
      expect(updates).to.deep.equal([]);
      link.resume();
      await until('all updates', () => updates.length === 500);
      expect(updates).to.deep.equal(Array.from({ length: 500 }, (_, n) => n));
      expect(events).to.deep.equal([]);
    });

    it('C6 closing refuses what is outstanding and leaves no socket', async () => {
      const { dc, open } = bench();
      const link = await open();
      dc.script = ({ name }) => name === 'updates.getState';
      const call = link.call(getState).catch((error: unknown) => error);
      await until('the call', () => dc.named('updates.getState').length === 1);
      await link.close();
      expect(await call).to.have.property('code', 'ANSWER_LOST');
      await until('the end of the socket', () => dc.line.closed);
      expect(dc.lines).to.have.length(1);
    });
  });
}
