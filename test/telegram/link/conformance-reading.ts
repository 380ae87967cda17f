import { expect } from 'chai';
import { acknowledged, getState, scripts, typesOf, type Bench } from './bench.js';
import { until } from './wait.js';
import { answer, gzip, rpcError, rpcResult, service, state, unknown, update } from './wire-bodies.js';
import type { Heard } from './scripted-dc.js';

export function readingConformance(bench: () => Bench): void {
  const { answering } = scripts(bench);
  describe('reads', () => {
    it('M1 updates and results that follow an rpc_error in one container all arrive', async () => {
      const { dc, updates, open } = bench();
      const link = await open();
      const waiting: Heard[] = [];
      dc.script = ({ name, ...rest }) => name === 'updates.getState' && waiting.push({ name, ...rest }) > 0;
      const calls = Promise.allSettled([link.call(getState), link.call(getState)]);
      await until('both calls', () => waiting.length === 2);
      const [first, second] = waiting;
      dc.line.sayTogether(
        { body: rpcError(first!.msgId, 400, 'PEER_ID_INVALID') },
        { body: update(1) },
        { body: rpcResult(second!.msgId, answer('updates.getState', state(7))) },
        { body: update(2) },
      );
      const [refused, answered] = await calls;
      expect(refused).to.have.nested.property('reason.code', 'PEER_UNKNOWN');
      expect(answered).to.have.nested.property('value.pts', 7);
      expect(updates).to.deep.equal([1, 2]);
    });

    it('M1 packed updates and packed results are unpacked', async () => {
      const { dc, updates, open } = bench();
      const link = await open();
      dc.script = answering(({ msgId, line }) => {
        line.sayTogether(
          { body: gzip(update(1)) },
          { body: rpcResult(msgId, gzip(answer('updates.getState', state(9)))) },
        );
        line.say({ body: gzip(update(2)) });
        return true;
      });
      expect(await link.call(getState)).to.have.property('pts', 9);
      await until('the second update', () => updates.length === 2);
      expect(updates).to.deep.equal([1, 2]);
    });

    it('C5 an unknown constructor costs itself and is reported, its neighbours arrive', async () => {
      const { dc, events, updates, open } = bench();
      await open();
      dc.line.sayTogether({ body: update(1) }, { body: unknown }, { body: update(2) });
      dc.line.say({ body: unknown });
      dc.line.say({ body: update(3) });
      await until('three updates', () => updates.length === 3);
      expect(updates).to.deep.equal([1, 2, 3]);
      expect(typesOf(events)).to.deep.equal(['undecodable', 'undecodable']);
    });

    it('C5 three unreadable messages within a minute rebuild the connection with our layer', async () => {
      const { dc, events, open } = bench();
      await open();
      for (let i = 0; i < 3; i++) dc.line.say({ body: unknown });
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
      expect(dc.lines).to.have.length(2);
      expect(dc.named('help.getConfig').map(({ wrappers }) => wrappers)).to.deep.equal([
        ['invokeWithLayer', 'initConnection'],
        ['invokeWithLayer', 'initConnection'],
      ]);
    });

    it('M1 a message that comes twice is taken once and acknowledged again', async () => {
      const { dc, updates, open } = bench();
      await open();
      const id = dc.line.say({ body: update(1) });
      dc.line.say({ body: update(1), msgId: id });
      dc.line.sayTogether({ body: update(1), msgId: id }, { body: update(2) });
      await until('the second update', () => updates.length === 2);
      expect(updates).to.deep.equal([1, 2]);
      await until('acknowledgements', () => acknowledged(dc).filter((one) => one === id).length === 3);
    });

    it('content-related messages are acknowledged within a second, others are not', async () => {
      const { dc, open } = bench();
      await open();
      const content = dc.line.say({ body: update(1) });
      const other = dc.line.say({ body: service({ _: 'msgs_ack', msg_ids: [4n] }), content: false });
      await until('the acknowledgement', () => acknowledged(dc).includes(content), 1_000);
      expect(acknowledged(dc)).not.to.include(other);
    });

    it('a packet of another session is dropped, a forged one ends the connection', async () => {
      const { dc, events, updates, open } = bench();
      await open();
      dc.line.packet({ msgId: dc.line.nextId(), seq: 1, body: update(1) }, Buffer.alloc(8, 7));
      dc.line.say({ body: update(2) });
      await until('the update', () => updates.length === 1);
      expect(updates).to.deep.equal([2]);
      expect(events).to.deep.equal([]);
      dc.line.raw(Buffer.concat([Buffer.alloc(8), Buffer.alloc(24 + 160, 1)]));
      await until('the new connection', () => events.at(-1)?.type === 'reconnected');
      expect(events[0]).to.deep.equal({ type: 'disconnected', reason: 'security' });
    });

    it('an answer that the server only announces is asked for', async () => {
      const { dc, open } = bench();
      await open();
      const body = service({ _: 'msg_new_detailed_info', answer_msg_id: 77n, bytes: 100, status: 0 });
      dc.line.say({ body, content: false });
      await until('msg_resend_req', () => dc.named('msg_resend_req').length === 1);
      expect(dc.named('msg_resend_req')[0]?.object['msg_ids']).to.deep.equal([77n]);
    });
  });
}
