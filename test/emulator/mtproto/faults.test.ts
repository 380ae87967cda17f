import { expect } from 'chai';
import type { Tl } from '../types.js';
import { FAULTS } from './faults.js';
import { GET_STATE, GET_USERS, STATE, typing, USER, WireFixture } from './fixture.js';
import type { Arrival, Probe } from './probe.js';
import { requestBytes } from './requests.js';
import type { Fault } from './server.js';

describe('faults', () => {
  let wire: WireFixture;
  let probe: Probe;

  beforeEach(async () => {
    wire = new WireFixture();
    await wire.start();
    probe = await wire.begin();
    await probe.named('new_session_created');
  });

  afterEach(() => wire.stop());

  const once = (fault: Fault): string => wire.server.faults.add({ times: 1, ...fault });
  const updated = (arrival: Arrival): unknown => (arrival.object?.['update'] as Tl | undefined)?.['user_id'];
  /** The next pushes by user id, those that wait for a ping's answer included. */
  const pushes = async (count: number): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let at = 0; at < count; at += 1) found.push(updated(await probe.named('updateShort')));
    probe.service({ _: 'ping', ping_id: 9n });
    await probe.named('pong');
    expect(probe.arrived.filter(({ object }) => object?._ === 'updateShort')).to.have.length(0);
    return found;
  };

  it('O2 every fault is described, listed, used up and removed', () => {
    expect(Object.values(FAULTS).every(([kind, meaning]) => meaning.length > 10 && kind.length > 0)).to.equal(
      true,
    );
    const id = wire.server.faults.add({ name: 'call.delay', ms: 5 });
    once({ name: 'call.lost' });
    expect(wire.server.faults.list().map(({ fault, left }) => [fault.name, left])).to.deep.equal([
      ['call.delay', undefined],
      ['call.lost', 1],
    ]);
    expect(wire.server.faults.remove(id)).to.equal(true);
    wire.server.faults.clear();
    expect(wire.server.faults.list()).to.deep.equal([]);
  });

  describe('of calls', () => {
    it('O2 errors and floods hit the named method and user only', async () => {
      once({ name: 'call.flood', seconds: 7, when: { method: 'updates.getState', user: USER } });
      once({ name: 'call.error', code: 500, text: 'WORKER_BUSY', when: { user: 1n } });
      const users = await probe.result(probe.send(requestBytes(GET_USERS)));
      expect(users.object).to.equal(undefined);
      expect(await wire.call(probe, GET_STATE)).to.deep.equal({
        _: 'rpc_error',
        error_code: 420,
        error_message: 'FLOOD_WAIT_7',
      });
      expect(await wire.call(probe, GET_STATE)).to.deep.equal(STATE);
    });

    it('O2 a lost request never ran, a lost answer did, and the states say so', async () => {
      const update = requestBytes({ _: 'account.updateStatus', offline: false });
      once({ name: 'call.lost' });
      const lost = probe.send(update);
      once({ name: 'call.answer-lost' });
      const unanswered = probe.send(update);
      await wire.call(probe, GET_STATE);
      probe.service({ _: 'msgs_state_req', msg_ids: [lost, unanswered] }, { content: false });
      const { object } = await probe.named('msgs_state_info');
      expect([...(object?.['info'] as Buffer)]).to.deep.equal([2, 4 + 8 + 64]);
      expect(wire.ran).to.have.length(1);
      // Its own number again: the second message with content of this session.
      await probe.result(probe.send(update, { id: lost, seq: 3 }));
      expect(wire.ran).to.have.length(2);
    });

    it('O2 a close before the call undoes it, a close after keeps the answer for the session', async () => {
      const update = requestBytes({ _: 'account.updateStatus', offline: false });
      once({ name: 'call.close-before' });
      probe.send(update);
      await probe.closed();
      expect(wire.ran).to.have.length(0);
      await probe.dial(wire.port);
      once({ name: 'call.close-after' });
      const id = probe.send(update);
      await probe.closed();
      expect(wire.ran).to.have.length(1);
      expect(probe.arrived.some(({ request }) => request === id)).to.equal(false);
      await probe.dial(wire.port);
      probe.service({ _: 'ping', ping_id: 1n });
      await probe.result(id);
      expect(wire.ran).to.have.length(1);
    });

    it('O2 a delayed call starts later, garbage is unreadable', async () => {
      once({ name: 'call.delay', ms: 20 });
      const slow = probe.send(requestBytes(GET_STATE));
      await wire.call(probe, GET_STATE);
      expect(probe.arrived.some(({ request }) => request === slow)).to.equal(false);
      await probe.result(slow);
      once({ name: 'call.garbage' });
      expect(await wire.call(probe, GET_STATE)).to.equal(undefined);
    });
  });

  describe('of pushes', () => {
    const push = (...ids: readonly bigint[]): void => {
      for (const id of ids) wire.server.push(USER, typing(id));
    };

    it('O2 a push is dropped, doubled, put behind the next, or delayed', async () => {
      once({ name: 'push.drop', when: { update: 'updateUserTyping' } });
      push(1n, 2n);
      expect(await pushes(1)).to.deep.equal([2n]);
      once({ name: 'push.duplicate' });
      push(3n, 4n);
      expect(await pushes(3)).to.deep.equal([3n, 3n, 4n]);
      once({ name: 'push.reorder' });
      push(5n, 6n);
      expect(await pushes(2)).to.deep.equal([6n, 5n]);
      once({ name: 'push.delay', ms: 10 });
      push(7n, 8n);
      expect(updated(await probe.named('updateShort'))).to.equal(8n);
      expect(updated(await probe.named('updateShort'))).to.equal(7n);
    });

    it('O2 a push becomes updatesTooLong, or follows an unknown constructor or an error in its container', async () => {
      once({ name: 'push.too-long' });
      push(1n);
      await probe.named('updatesTooLong');
      once({ name: 'push.unknown' });
      push(2n);
      const unknown = await probe.next(
        ({ object, request }) => object === undefined && request === undefined,
      );
      expect(unknown.contained).to.equal(true);
      once({ name: 'push.error-first' });
      push(3n);
      expect(await probe.named('rpc_error')).to.include({ contained: true });
      expect(await pushes(2)).to.deep.equal([2n, 3n]);
    });
  });

  describe('of sockets, sessions and keys', () => {
    it('O2 connections of one user are closed or reset', async () => {
      const other = await wire.begin(undefined, undefined, 5n);
      wire.server.faults.add({ name: 'socket.close', when: { user: USER } });
      await probe.closed();
      wire.server.faults.add({ name: 'socket.reset', when: { user: 5n } });
      await other.closed();
    });

    it('O2 a black hole runs nothing, a half-open connection answers nothing', async () => {
      const update = requestBytes({ _: 'account.updateStatus', offline: false });
      once({ name: 'socket.half-open' });
      const unheard = probe.send(update);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(wire.ran).to.have.length(1);
      await probe.dial(wire.port);
      probe.service({ _: 'ping', ping_id: 1n });
      await probe.result(unheard);
      once({ name: 'socket.black-hole' });
      probe.send(update);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(wire.ran).to.have.length(1);
    });

    it('O2 refused connections come back with the same port', async () => {
      const id = wire.server.faults.add({ name: 'socket.refuse' });
      expect(await wire.dial().catch((error: unknown) => error)).to.have.property('code', 'ECONNREFUSED');
      expect(await wire.call(probe, GET_STATE)).to.deep.equal(STATE);
      wire.server.faults.remove(id);
      await new Promise((resolve) => setImmediate(resolve));
      await wire.begin();
    });

    it('O2 forgotten sessions are announced again and what they kept is gone', async () => {
      wire.server.push(USER, typing(1n));
      await probe.named('updateShort');
      wire.server.faults.add({ name: 'session.forget' });
      const id = probe.service({ _: 'ping', ping_id: 1n });
      const { object } = await probe.named('new_session_created');
      expect(object?.['first_msg_id']).to.equal(id);
      expect(await wire.call(probe, GET_STATE)).to.deep.equal(STATE);
      expect(probe.arrived.some((arrival) => arrival.object?._ === 'updateShort')).to.equal(false);
    });

    it('O2 a rotated salt and a jumped clock are told to the client', async () => {
      wire.server.faults.add({ name: 'session.salt' });
      const refused = probe.send(requestBytes(GET_STATE));
      expect((await probe.named('bad_server_salt')).object?.['bad_msg_id']).to.equal(refused);
      expect(await wire.call(probe, GET_STATE)).to.deep.equal(STATE);
      const code = async (seconds: number): Promise<unknown> => {
        const id = wire.server.faults.add({ name: 'session.clock', seconds });
        const sent = probe.send(requestBytes(GET_STATE));
        const { object } = await probe.next((arrival) => arrival.object?.['bad_msg_id'] === sent);
        wire.server.faults.remove(id);
        return object?.['error_code'];
      };
      expect([await code(3600), await code(-3600)]).to.deep.equal([16, 17]);
    });

    it('O2 transport errors -404 and -429 end the connection', async () => {
      for (const [name, code] of [
        ['key.unknown', -404],
        ['key.flood', -429],
      ] as const) {
        once({ name });
        probe.service({ _: 'ping', ping_id: 1n });
        await probe.closed();
        expect(probe.errors.at(-1)).to.equal(code);
        await probe.dial(wire.port);
      }
      expect(await wire.call(probe, GET_STATE)).to.deep.equal(STATE);
    });
  });
});
