import { expect } from 'chai';
import { getState, scripts, SPEED, typesOf, type Bench } from './bench.js';
import { fastClock } from './fast-clock.js';
import { until } from './wait.js';
import { answer, rpcError, rpcResult, state } from './wire-bodies.js';

export function losingConformance(bench: () => Bench): void {
  const { answering } = scripts(bench);
  describe('loses its connection', () => {
    it('C5 outstanding calls and calls made meanwhile are answered after it, with the same bytes', async () => {
      const { dc, events, open } = bench();
      const link = await open({ clock: fastClock(SPEED) });
      dc.script = ({ name }) => name === 'updates.getState';
      const outstanding = link.call(getState);
      await until('the call', () => dc.named('updates.getState').length === 1);
      dc.script = answering();
      dc.refusing = true;
      dc.line.socket.resetAndDestroy();
      await until('the loss', () => events.at(-1)?.type === 'disconnected');
      const meanwhile = Promise.all([link.call(getState), link.call(getState)]);
      dc.refusing = false;
      await Promise.all([outstanding, meanwhile]);
      const bodies = dc.named('updates.getState').map(({ body }) => body.toString('hex'));
      expect(bodies).to.have.length(4);
      expect(new Set(bodies).size).to.equal(1);
      expect(typesOf(events)).to.deep.equal(['disconnected', 'reconnected']);
    });

    it('M1 a refusal says whether the same call had left before, over a connection that was lost', async () => {
      const { dc, events, open } = bench();
      const link = await open();
      const [first] = dc.lines;
      dc.script = answering(({ msgId, line }) => {
        if (line === first) line.socket.destroy();
        else line.say({ body: rpcError(msgId, 420, 'FLOOD_WAIT_30') });
        return true;
      });
      const call = () => link.call(getState).catch((error: unknown) => error);
      expect(await call()).to.have.nested.property('cause.repeated', true);
      expect(typesOf(events)).to.deep.equal(['disconnected', 'reconnected']);
      expect(await call()).not.to.have.nested.property('cause.repeated');
    });

    it('C5 a black hole costs seconds: 5 s without a word while a call waits', async () => {
      const { dc, events, open } = bench();
      const clock = fastClock(SPEED);
      const link = await open({ clock });
      const [line] = dc.lines;
      dc.script = (heard) => heard.line === line || answering()(heard);
      const startMs = clock.now();
      expect(await link.call(getState)).to.have.property('pts');
      expect(clock.now() - startMs).to.be.within(4_500, 35_000);
      expect(events[0]).to.deep.equal({ type: 'disconnected', reason: 'silence' });
    });

    it('C5 a half-open connection without calls is noticed by its pings', async () => {
      const { dc, events, open } = bench();
      const clock = fastClock(SPEED);
      await open({ clock });
      const [line] = dc.lines;
      dc.script = (heard) => heard.line === line;
      const startMs = clock.now();
      await until('the loss', () => events.length > 0);
      expect(clock.now() - startMs).to.be.within(11_000, 35_000);
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
    });

    it('C6 it pings every 7 s and asks Telegram to hang up 15 s after the last one', async () => {
      const { dc, events, open } = bench();
      await open({ clock: fastClock(SPEED) });
      await until('three pings', () => dc.named('ping_delay_disconnect').length >= 3);
      const [first, , third] = dc.named('ping_delay_disconnect');
      expect(first?.object['disconnect_delay']).to.equal(15);
      expect(Number(third!.msgId - first!.msgId) / 2 ** 32).to.be.within(12, 35);
      expect(events).to.deep.equal([]);
    });

    it('a call that Telegram takes its time for is no reason to reconnect', async () => {
      const { dc, events, open } = bench();
      const clock = fastClock(SPEED);
      const link = await open({ clock });
      dc.script = answering((heard) => {
        clock.setTimer(12_000, () => {
          heard.line.say({ body: rpcResult(heard.msgId, answer('updates.getState', state(1))) });
        });
        return true;
      });
      expect(await link.call(getState)).to.have.property('pts', 1);
      expect(events).to.deep.equal([]);
    });

    it('C6 an unknown key, said twice, is the end of the session', async () => {
      const { dc, events, open } = bench();
      const link = await open({ clock: fastClock(SPEED) });
      dc.script = ({ line }) => {
        line.transportError(-404);
        return true;
      };
      const left = link.call(getState).catch((error: unknown) => error);
      await until('the loss', () => events.length > 0);
      const stayed = link.call(getState).catch((error: unknown) => error);
      expect(await left).to.have.property('code', 'ANSWER_LOST');
      expect(await stayed).to.have.property('code', 'SESSION_DEAD');
      expect(events.at(-1)).to.deep.equal({ type: 'dead', reason: 'AUTH_KEY_UNREGISTERED' });
      expect(dc.lines).to.have.length(2);
      expect(await link.call(getState).catch((error: unknown) => error)).to.have.property(
        'code',
        'SESSION_DEAD',
      );
    });

    it('C5 too many connections (-429) pass', async () => {
      const { dc, events, open } = bench();
      const link = await open({ clock: fastClock(SPEED) });
      const [line] = dc.lines;
      dc.script = (heard) => {
        if (heard.line !== line) return answering()(heard);
        heard.line.transportError(-429);
        return true;
      };
      await link.call(getState);
      expect(events[0]).to.deep.equal({ type: 'disconnected', reason: 'transport 429' });
      expect(events.at(-1)).to.deep.equal({ type: 'reconnected' });
    });

    it('C5 M7 a flood wait in answer to the first call is waited out before the next dial', async () => {
      const { dc, events, open } = bench();
      const clock = fastClock(SPEED);
      await open({ clock });
      let floodedMs = 0;
      dc.script = ({ name, msgId, line }) => {
        if (name !== 'help.getConfig' || floodedMs > 0) return false;
        floodedMs = clock.now();
        line.say({ body: rpcError(msgId, 420, 'FLOOD_WAIT_20') });
        return true;
      };
      dc.line.socket.destroy();
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
      expect(clock.now() - floodedMs).to.be.at.least(19_000);
      expect(events).to.deep.include({ type: 'resting', ms: 20_000 });
      expect(dc.lines).to.have.length(3);
    });

    it('C6 AUTH_KEY_DUPLICATED in answer to the first call ends the session at once', async () => {
      const { dc, events, open } = bench();
      await open();
      dc.script = ({ name, msgId, line }) => {
        if (name !== 'help.getConfig') return false;
        line.say({ body: rpcError(msgId, 406, 'AUTH_KEY_DUPLICATED') });
        return true;
      };
      dc.line.socket.destroy();
      await until('the end', () => events.at(-1)?.type === 'dead');
      expect(events.at(-1)).to.deep.equal({ type: 'dead', reason: 'AUTH_KEY_DUPLICATED' });
      expect(dc.lines).to.have.length(2);
    });
  });
}
