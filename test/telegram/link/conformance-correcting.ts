import { expect } from 'chai';
import { getState, scripts, typesOf, type Bench } from './bench.js';
import { fastClock } from './fast-clock.js';
import { until } from './wait.js';
import { rpcError, service } from './wire-bodies.js';

export function correctingConformance(bench: () => Bench): void {
  const { answering, once } = scripts(bench);
  describe('corrects itself', () => {
    it('C5 a wrong salt is replaced and the same bytes go again', async () => {
      const { dc, open } = bench();
      const link = await open();
      dc.script = answering(
        once(({ msgId, seq, line }) => {
          const bad = { bad_msg_id: msgId, bad_msg_seqno: seq, error_code: 48, new_server_salt: 4711n };
          line.say({ body: service({ _: 'bad_server_salt', ...bad }), content: false });
        }),
      );
      await link.call(getState);
      const [first, second] = dc.named('updates.getState');
      expect(second?.body.equals(first!.body)).to.equal(true);
      expect(second?.salt).to.equal(4711n);
      expect(second?.msgId).not.to.equal(first?.msgId);
    });

    for (const [code, aheadSeconds] of [
      [16, 4_000],
      [17, -4_000],
    ] as const)
      it(`C5 an id refused by ${code} follows the server's clock`, async () => {
        const { dc, events, open } = bench();
        const link = await open();
        const serverMs = Date.now() + aheadSeconds * 1000;
        dc.script = answering(
          once(({ msgId, seq, line }) => {
            const bad = { bad_msg_id: msgId, bad_msg_seqno: seq, error_code: code };
            const id = (((BigInt(serverMs) << 32n) / 1000n) & ~3n) | 1n;
            line.say({ body: service({ _: 'bad_msg_notification', ...bad }), content: false, msgId: id });
          }),
        );
        expect(await link.call(getState)).to.have.property('pts', 2);
        const seconds = Number(dc.named('updates.getState')[1]!.msgId >> 32n);
        expect(seconds).to.be.closeTo(serverMs / 1000, 5);
        expect(events).to.deep.equal([]);
      });

    it('C5 a sequence number refused by 32 is answered after all', async () => {
      const { dc, open } = bench();
      const link = await open();
      dc.script = answering(
        once(({ msgId, seq, line }) => {
          const bad = { bad_msg_id: msgId, bad_msg_seqno: seq, error_code: 32 };
          line.say({ body: service({ _: 'bad_msg_notification', ...bad }), content: false });
        }),
      );
      expect(await link.call(getState)).to.have.property('pts', 2);
    });

    it('C5 a new session of the server is told, and what it has forgotten goes again', async () => {
      const { dc, events, open } = bench();
      const link = await open();
      dc.script = answering(
        once(({ msgId, line }) => {
          // A second on: also where the call went in a container, which has a later id.
          const session = { first_msg_id: msgId + (1n << 32n), unique_id: 1n, server_salt: 5n };
          line.say({ body: service({ _: 'new_session_created', ...session }) });
        }),
      );
      expect(await link.call(getState)).to.have.property('pts', 2);
      expect(typesOf(events)).to.deep.equal(['newSession']);
    });

    it('M1 what a forgotten session may have done is in doubt when its repetition is refused', async () => {
      const { dc, open } = bench();
      const link = await open();
      dc.script = answering(({ msgId, line }) => {
        const isFirst = dc.named('updates.getState').length === 1;
        const session = { first_msg_id: msgId + 4000n, unique_id: 1n, server_salt: 5n };
        line.say({
          body: isFirst
            ? service({ _: 'new_session_created', ...session })
            : rpcError(msgId, 420, 'FLOOD_WAIT_30'),
        });
        return true;
      });
      const refused = await link.call(getState).catch((error: unknown) => error);
      expect(refused).to.have.nested.property('cause.repeated', true);
    });

    for (const text of ['CONNECTION_NOT_INITED', 'CONNECTION_LAYER_INVALID'])
      it(`C5 M1 ${text} is no answer: Telegram is told again who we are, then the call goes again`, async () => {
        const { dc, events, open } = bench();
        const link = await open();
        const [first] = dc.lines;
        dc.script = answering(({ msgId, line }) => {
          if (line === first) line.say({ body: rpcError(msgId, 400, text) });
          return line === first;
        });
        expect(await link.call(getState)).to.have.property('pts', 2);
        expect(events).to.deep.equal([
          { type: 'disconnected', reason: 'uninitialised' },
          { type: 'reconnected' },
        ]);
        expect(dc.named('help.getConfig').map(({ wrappers }) => wrappers)).to.deep.equal([
          ['invokeWithLayer', 'initConnection'],
          ['invokeWithLayer', 'initConnection'],
        ]);
      });

    it('C5 a server that forgets who we are again and again is dialled more and more slowly', async () => {
      const { dc, open } = bench();
      const link = await open({ clock: fastClock(4) });
      dc.script = answering(({ msgId, line }) => {
        line.say({ body: rpcError(msgId, 400, 'CONNECTION_NOT_INITED') });
        return true;
      });
      const end = await link.call(getState, { deadlineMs: 4_000 }).catch((error: unknown) => error);
      expect(end).not.to.have.property('code', 'TELEGRAM_REFUSED');
      expect(dc.lines.length).to.be.within(2, 8);
    });

    it('an id refused again and again does not become a loop', async () => {
      const { dc, events, open } = bench();
      const link = await open();
      dc.script = ({ name, msgId, seq, line }) => {
        if (name !== 'updates.getState' || dc.lines.length > 1) return false;
        const bad = { bad_msg_id: msgId, bad_msg_seqno: seq, error_code: 20 };
        line.say({ body: service({ _: 'bad_msg_notification', ...bad }), content: false });
        return true;
      };
      void link.call(getState).catch(() => undefined);
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
      expect(dc.named('updates.getState').length).to.be.lessThan(15);
    });
  });
}
