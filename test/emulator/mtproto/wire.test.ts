import { expect } from 'chai';
import type { Tl } from '../types.js';
import { GET_STATE, GET_USERS, STATE, WireFixture } from './fixture.js';
import { serviceBytes } from './probe.js';
import { gzipBytes, requestBytes } from './requests.js';

describe('messages on the wire', () => {
  let wire: WireFixture;

  beforeEach(() => {
    wire = new WireFixture();
    return wire.start();
  });

  afterEach(() => wire.stop());

  it('O2 a session begins with new_session_created and its answers carry odd content numbers', async () => {
    const probe = await wire.begin();
    const created = await probe.named('new_session_created');
    expect(created.seq % 2).to.equal(1);
    expect(created.id % 4n).to.equal(3n);
    const result = await probe.result(probe.send(requestBytes(GET_STATE)));
    expect(result.object).to.deep.equal(STATE);
    expect(result.seq % 2).to.equal(1);
    expect(result.id % 4n).to.equal(1n);
    expect(Number(result.id >> 32n)).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('O2 a container is taken message by message and its answers leave in one', async () => {
    const probe = await wire.begin();
    const ids = probe.container([
      requestBytes(GET_STATE),
      serviceBytes({ _: 'ping', ping_id: 5n }),
      gzipBytes(requestBytes(GET_STATE)),
    ]);
    const [first, , third] = ids;
    expect(await probe.result(first!)).to.include({ contained: true });
    expect((await probe.named('pong')).object).to.deep.equal({ _: 'pong', msg_id: ids[1], ping_id: 5n });
    expect((await probe.result(third!)).object).to.deep.equal(STATE);
    const isAck = (ack: Tl | undefined): boolean =>
      ack?._ === 'msgs_ack' && (ack['msg_ids'] as bigint[]).includes(first!);
    await probe.next(({ object }) => isAck(object));
  });

  it('O2 wrong ids, numbers and salts are answered by the protocol’s own codes', async () => {
    const probe = await wire.begin();
    const code = async (send: () => bigint): Promise<unknown> => {
      const id = send();
      const { object } = await probe.next((one) => one.object?.['bad_msg_id'] === id);
      return object?.['error_code'];
    };
    const body = requestBytes(GET_STATE);
    expect(await code(() => probe.send(body, { id: probe.nextId() - (400n << 32n) }))).to.equal(16);
    expect(await code(() => probe.send(body, { id: probe.nextId() + (60n << 32n) }))).to.equal(17);
    expect(await code(() => probe.send(body, { id: probe.nextId() + 1n }))).to.equal(18);
    expect(await code(() => probe.send(body, { seq: 1 }))).to.equal(32);
    expect(await code(() => probe.send(body, { seq: 40 }))).to.equal(35);
    expect(await code(() => probe.send(Buffer.from('dcf8f17300000000', 'hex'), { seq: 41 }))).to.equal(34);
  });

  it('O2 a message that came twice runs once, and its kept answer leaves again under the same id', async () => {
    const probe = await wire.begin();
    const id = probe.nextId();
    const body = requestBytes({ _: 'account.updateStatus', offline: false });
    probe.send(body, { id });
    const first = await probe.result(id);
    probe.send(body, { id });
    expect((await probe.result(id)).id).to.equal(first.id);
    expect(wire.ran).to.deep.equal(['account.updateStatus']);
  });

  it('O2 states, salts and dropped answers are told truthfully', async () => {
    const probe = await wire.begin();
    const slow = probe.send(requestBytes(GET_USERS));
    const done = probe.send(requestBytes(GET_STATE));
    await probe.result(done);
    const asked = [slow, done, slow - (1n << 32n), done + (900n << 32n)];
    probe.service({ _: 'msgs_state_req', msg_ids: asked });
    const { object: info } = await probe.named('msgs_state_info');
    expect([...(info?.['info'] as Buffer)]).to.deep.equal([4 + 8 + 32, 4 + 8 + 64, 2, 3]);
    const drop = probe.service({ _: 'rpc_drop_answer', req_msg_id: slow });
    expect((await probe.result(drop)).object).to.deep.equal({ _: 'rpc_answer_dropped_running' });
    const late = probe.service({ _: 'rpc_drop_answer', req_msg_id: done });
    expect((await probe.result(late)).object).to.include({ _: 'rpc_answer_dropped' });
    const never = probe.service({ _: 'rpc_drop_answer', req_msg_id: 8n });
    expect((await probe.result(never)).object).to.deep.equal({ _: 'rpc_answer_unknown' });
    probe.service({ _: 'get_future_salts', num: 3 });
    const { object: salts } = await probe.named('future_salts');
    expect(salts?.['salts']).to.have.length(3);
    expect((salts?.['salts'] as Tl[])[0]?.['salt']).to.equal(probe.salt);
  });

  it('O2 invokeAfterMsg waits for its predecessor and fails with it', async () => {
    const probe = await wire.begin();
    const after = (id: bigint): Buffer =>
      requestBytes({
        _: 'invokeAfterMsg',
        msg_id: id,
        query: { _: 'account.updateStatus', offline: false },
      });
    const slow = probe.send(requestBytes(GET_USERS));
    await probe.result(probe.send(after(slow)));
    expect(wire.ran).to.deep.equal(['users.getUsers', 'account.updateStatus']);
    const failed = probe.send(requestBytes({ _: 'account.updateStatus', offline: true }));
    const second = await probe.result(probe.send(after(failed)));
    expect(second.object).to.deep.equal({
      _: 'rpc_error',
      error_code: 400,
      error_message: 'MSG_WAIT_FAILED',
    });
    const lost = await probe.result(probe.send(after(probe.nextId() + 4000n)));
    expect(lost.object?.['error_message']).to.equal('MSG_WAIT_TIMEOUT');
  });

  it('O2 a bad request is answered and never ends the server', async () => {
    const probe = await wire.begin();
    const message = async (body: Buffer): Promise<unknown> =>
      (await probe.result(probe.send(body))).object?.['error_message'];
    expect(await message(Buffer.from('efbeadde', 'hex'))).to.equal('INPUT_METHOD_INVALID');
    expect(await message(requestBytes(GET_STATE).subarray(0, 0))).to.equal('INPUT_METHOD_INVALID');
    expect(await message(requestBytes({ _: 'help.getNearestDc' }))).to.equal(
      'not implemented: help.getNearestDc',
    );
    expect(await message(requestBytes({ _: 'help.getTermsOfServiceUpdate' }))).to.equal('INTERNAL');
    expect(await message(requestBytes({ _: 'updates.getDifference', pts: 1, date: 1, qts: 0 }))).to.equal(
      'INTERNAL',
    );
    expect(wire.problems.join())
      .to.contain('a bug in a handler')
      .and.to.contain('unknown name not.inAnySchema');
    expect((await probe.result(probe.send(requestBytes(GET_STATE)))).object).to.deep.equal(STATE);
  });

  it('O2 ping_delay_disconnect closes after its delay, and the session lives on', async () => {
    const probe = await wire.begin();
    probe.service({ _: 'ping_delay_disconnect', ping_id: 1n, disconnect_delay: 0 });
    await probe.closed();
    await probe.dial(wire.port);
    expect((await probe.result(probe.send(requestBytes(GET_STATE)))).object).to.deep.equal(STATE);
  });

  it('O2 a big result is packed and reads the same', async () => {
    const probe = await wire.begin();
    const { object } = await probe.result(
      probe.send(requestBytes({ _: 'auth.exportAuthorization', dc_id: 2 })),
    );
    expect((object?.['bytes'] as Buffer).length).to.equal(20000);
  });

  it('O2 a session that never named its layer is told so', async () => {
    const probe = await wire.dial();
    const { object } = await probe.result(probe.send(requestBytes(GET_STATE)));
    expect(object?.['error_message']).to.equal('CONNECTION_NOT_INITED');
  });

  it('O2 without containers every answer is a packet of its own', async () => {
    await wire.stop();
    await wire.start({ containers: false });
    const probe = await wire.begin();
    const ids = probe.container([requestBytes(GET_STATE), requestBytes(GET_STATE)]);
    for (const id of ids) expect(await probe.result(id)).to.include({ contained: false });
  });
});
