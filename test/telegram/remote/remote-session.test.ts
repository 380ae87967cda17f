import { expect } from 'chai';
import type { tl } from '@mtcute/tl';
import { asGatewayError, GatewayError } from '../../../src/domain/errors.js';
import { connectionId } from '../../../src/domain/ids.js';
import type { Relay } from '../../../src/ports/relay.js';
import { createKeyRing } from '../../../src/runtime/keyring.js';
import type { Caller } from '../../../src/telegram/link/link.js';
import type { CallingSession } from '../../../src/telegram/peers/session.js';
import { remoteSession } from '../../../src/telegram/remote/remote-session.js';
import { serveSession } from '../../../src/telegram/remote/serve-session.js';
import { isRpcError, rpcFailure } from '../../../src/telegram/rpc/errors.js';
import { long } from '../../../src/telegram/tl/long.js';

describe('A session in another process', () => {
  const owner = connectionId('7000000100');
  const keyring = createKeyRing([{ kid: 'k1', bytes: Buffer.alloc(32, 7) }]);
  const calls: { method: tl.RpcMethod; deadlineMs: number | undefined; dc?: number | undefined }[] = [];
  /** Everything that crossed the relay. */
  let crossed: Buffer[];
  let answer: (method: tl.RpcMethod) => unknown;
  let relay: Relay;

  const caller = (dc?: number): Caller => ({
    async call(method, options) {
      calls.push({ method, deadlineMs: options?.deadlineMs, ...(dc === undefined ? {} : { dc }) });
      return answer(method);
    },
  });
  const session: CallingSession = {
    owner,
    kind: 'bot',
    ...caller(),
    mediaLink: async (dc) => caller(dc),
    resync: async () => void calls.push({ method: { _: 'updates.getState' }, deadlineMs: undefined }),
  };

  beforeEach(() => {
    calls.length = 0;
    crossed = [];
    let serve: (question: Uint8Array) => Promise<Uint8Array> = async (question) => question;
    relay = {
      serve(_, given) {
        serve = given;
        return () => undefined;
      },
      async ask(_, question) {
        const answered = await serve(question);
        crossed.push(Buffer.from(question), Buffer.from(answered));
        return answered;
      },
      close: async () => undefined,
    };
    serveSession({ relay, keyring }, session);
  });

  const remote = (): CallingSession => remoteSession({ relay, keyring }, owner, 'bot');
  const sending: tl.messages.RawSendMessageRequest = {
    _: 'messages.sendMessage',
    peer: { _: 'inputPeerUser', userId: 5, accessHash: long('-1234567890123456789') },
    message: 'the words of Ann',
    randomId: long('9223372036854775807'),
  };

  it('C6 calls arrive as they were made: long numbers, bytes and deadlines', async () => {
    const part: tl.upload.RawSaveFilePartRequest = {
      _: 'upload.saveFilePart',
      fileId: long('-1'),
      filePart: 3,
      bytes: Buffer.alloc(512 * 1024, 'part'),
    };
    answer = (method) => (method._ === 'upload.saveFilePart' ? true : { _: 'updatesTooLong' });
    expect(await remote().call(sending, { deadlineMs: 20_000 })).to.deep.equal({ _: 'updatesTooLong' });
    expect(await (await remote().mediaLink(4)).call(part)).to.equal(true);
    await remote().resync();
    expect(calls.map(({ deadlineMs, dc }) => ({ deadlineMs, dc }))).to.deep.equal([
      { deadlineMs: 20_000, dc: undefined },
      { deadlineMs: undefined, dc: 4 },
      { deadlineMs: undefined, dc: undefined },
    ]);
    const [sent, saved] = calls.map(({ method }) => method);
    expect(sent?._ === 'messages.sendMessage' && sent.randomId.toString()).to.equal('9223372036854775807');
    expect(
      sent?._ === 'messages.sendMessage' &&
        sent.peer._ === 'inputPeerUser' &&
        sent.peer.accessHash.toString(),
    ).to.equal('-1234567890123456789');
    expect(saved?._ === 'upload.saveFilePart' && Buffer.from(saved.bytes).equals(part.bytes)).to.equal(true);
  });

  it('C6 a refusal comes back with what Telegram said', async () => {
    answer = (method) => {
      throw rpcFailure(420, 'FLOOD_WAIT_30', method._);
    };
    const error = await remote()
      .call(sending)
      .catch((thrown: unknown) => thrown);
    expect(asGatewayError(error)).to.include({ code: 'FLOOD_WAIT', detail: '30' });
    expect(isRpcError(error, 'FLOOD_WAIT')).to.equal(true);
  });

  it('C6 M5 an answer that does not open is a lost one: the call was made', async () => {
    answer = () => ({ _: 'updatesTooLong' });
    const newer = { kid: 'k2', bytes: Buffer.alloc(32, 8) };
    const rings = [createKeyRing([newer, { kid: 'k1', bytes: Buffer.alloc(32, 7) }]), keyring] as const;
    serveSession({ relay, keyring: rings[0] }, session);
    const error = await remoteSession({ relay, keyring: rings[1] }, owner, 'bot')
      .call(sending)
      .catch((thrown: unknown) => thrown);
    expect(asGatewayError(error).code).to.equal('ANSWER_LOST');
    expect(calls).to.have.length(1);
  });

  it('C6 who has lost the session answers nothing: the question is its holder’s', async () => {
    answer = () => {
      throw new GatewayError('STALE_FENCE', owner);
    };
    await remote()
      .call(sending)
      .catch(() => undefined);
    expect(crossed).to.deep.equal([]);
  });

  it('V1 neither contents nor names can be read on the way, and what another session was asked does not open', async () => {
    answer = () => ({ _: 'updatesTooLong' });
    await remote().call(sending);
    for (const bytes of crossed)
      expect(bytes.toString('latin1')).to.not.match(/Ann|sendMessage|updatesTooLong/);
    const foreign = remoteSession({ relay, keyring }, connectionId('5'), 'bot');
    const refused = await foreign.call(sending).catch((thrown: unknown) => thrown);
    expect(asGatewayError(refused).code).to.equal('KEY_WRONG');
    expect(calls).to.have.length(1);
  });
});
