import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Tl } from '../types.js';
import { GET_FILE, GET_STATE, typing, USER, WireFixture } from './fixture.js';
import { requestBytes } from './requests.js';

describe('sessions and pushes on the wire', () => {
  let wire: WireFixture;

  beforeEach(() => {
    wire = new WireFixture();
    return wire.start();
  });

  afterEach(() => wire.stop());

  it('O2 what was not acknowledged comes again, under the same ids, when the session comes back', async () => {
    const probe = await wire.begin();
    await probe.named('new_session_created');
    wire.server.push(USER, typing(1n));
    const first = await probe.named('updateShort');
    probe.hangUp();
    await new Promise((resolve) => setTimeout(resolve, 20));
    wire.server.push(USER, typing(2n));
    probe.arrived = [];
    await probe.dial(wire.port);
    probe.service({ _: 'ping', ping_id: 1n }, { content: false });
    expect((await probe.named('updateShort')).id).to.equal(first.id);
    const second = await probe.named('updateShort');
    expect((second.object?.['update'] as Tl)['user_id']).to.equal(2n);
    probe.service({ _: 'msgs_ack', msg_ids: [first.id, second.id] }, { content: false });
    probe.hangUp();
    await probe.dial(wire.port);
    probe.arrived = [];
    probe.service({ _: 'ping', ping_id: 2n }, { content: false });
    await probe.named('pong');
    expect(probe.arrived.map(({ object }) => object?._)).not.to.include('updateShort');
  });

  it('O2 a push reaches each authorisation once, on its last general session, and not the caller’s', async () => {
    const key = randomBytes(256);
    const main = await wire.begin(key);
    const files = await wire.begin(key, GET_FILE);
    const other = await wire.begin();
    const caller = wire.server.registerAuthKey(key);
    expect(wire.server.authorisations(USER).map(({ connections }) => connections)).to.deep.equal([2, 1]);
    wire.server.push(USER, typing(1n));
    wire.server.push(USER, typing(2n), caller);
    await main.named('updateShort');
    await other.named('updateShort');
    await other.named('updateShort');
    for (const quiet of [main, files]) {
      await quiet.result(quiet.send(requestBytes(GET_STATE)));
      expect(quiet.arrived.some(({ object }) => object?._ === 'updateShort')).to.equal(false);
    }
  });

  it('O2 a revoked key is unknown at once', async () => {
    const probe = await wire.begin();
    expect(wire.server.revoke(wire.server.authorisations(USER)[0]!.authKeyId)).to.equal(true);
    await probe.closed();
    expect(probe.errors).to.deep.equal([-404]);
    expect(wire.server.authorisations(USER)).to.deep.equal([]);
  });

  it('O2 a packet whose seal or length is wrong ends its connection', async () => {
    const probe = await wire.begin();
    probe.key.fill(1, 88, 120);
    probe.service({ _: 'ping', ping_id: 1n });
    await probe.closed();
    expect(wire.problems.join()).to.contain('msg_key');
  });
});
