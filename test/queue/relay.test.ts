import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import type { GatewayError } from '../../src/domain/errors.js';
import type { Relay } from '../../src/ports/relay.js';
import { PendingAnswer } from '../../src/queue/pending-answer.js';
import { openRedisRelay } from '../../src/queue/redis-relay.js';
import { readFrame, writeFrame } from '../../src/queue/relay-frame.js';
import { systemClock } from '../../src/runtime/clock.js';
import { hasRedisServer, startRedisServer, type RedisServer } from '../support/redis-server.js';
import { silentLog } from '../support/silent-log.js';
import { VirtualClock } from '../support/virtual-clock.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (answer: Uint8Array): string => Buffer.from(answer).toString();
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error as GatewayError).code,
  );

describe('The relay between processes', () => {
  describe('over Redis', () => {
    let redis: RedisServer;
    const relays: Relay[] = [];
    const open = async (url = redis.url, prefix = 'understudy'): Promise<Relay> => {
      const relay = await openRedisRelay({ url, prefix, clock: systemClock, log: silentLog });
      relays.push(relay);
      return relay;
    };

    before(function () {
      // Redis comes from the system's packages; where there is none, this is said and the tests are left out.
      if (!hasRedisServer) this.skip();
    });
    beforeEach(async () => {
      redis = await startRedisServer();
    });
    afterEach(async () => {
      await Promise.all(relays.splice(0).map((relay) => relay.close()));
      await redis.stop();
    });

    /** A question that is answered shows that the name is served. */
    async function served(asker: Relay, name: string): Promise<void> {
      while ((await codeOf(asker.ask(name, bytes('?'), { deadlineMs: 5_000 }))) !== 'answered')
        await systemClock.sleep(5);
    }

    it('C6 many questions at once get each its own answer, byte by byte', async () => {
      const [holder, asker] = [await open(), await open()];
      holder.serve('c1', async (question) => bytes(`${textOf(question)}!`));
      await served(asker, 'c1');
      const questions = Array.from({ length: 50 }, (_, n) => `${n} `.repeat(n * 100));
      const answers = await Promise.all(
        questions.map((question) => asker.ask('c1', bytes(question), { deadlineMs: 5_000 })),
      );
      expect(answers.map(textOf)).to.deep.equal(questions.map((question) => `${question}!`));
    });

    it('C6 a session that nobody runs is told as never asked', async () => {
      const [holder, asker] = [await open(), await open()];
      expect(await codeOf(asker.ask('c2', bytes('?'), { deadlineMs: 5_000 }))).to.equal(
        'TELEGRAM_UNREACHABLE',
      );
      const cancel = holder.serve('c2', async () => bytes('here'));
      await served(asker, 'c2');
      cancel();
      let code = 'answered';
      while (code === 'answered') code = await codeOf(asker.ask('c2', bytes('?'), { deadlineMs: 5_000 }));
      expect(code).to.equal('TELEGRAM_UNREACHABLE');
    });

    it('C6 a holder that dies with the question in hand is a lost answer, and so is one that breaks', async () => {
      const [holder, asker] = [await open(), await open()];
      let asked = (): void => undefined;
      const arrived = new Promise<void>((resolve) => (asked = resolve));
      holder.serve('c3', async (question) => {
        if (textOf(question) === '?') return bytes('yes');
        if (textOf(question) === 'break') throw new Error('broken');
        asked();
        return new Promise(() => undefined);
      });
      await served(asker, 'c3');
      expect(await codeOf(asker.ask('c3', bytes('break'), { deadlineMs: 300 }))).to.equal('ANSWER_LOST');
      const code = codeOf(asker.ask('c3', bytes('work'), { deadlineMs: 60_000 }));
      await arrived;
      await holder.close();
      expect(await code).to.equal('ANSWER_LOST');
    }).timeout(20_000);

    it('C6 a question in a Redis that fails counts as possibly done', async () => {
      const asker = await open();
      await redis.stop();
      expect(await codeOf(asker.ask('c4', bytes('?'), { deadlineMs: 30_000 }))).to.equal('ANSWER_LOST');
    }).timeout(30_000);

    it('C6 a question whose connection breaks under it counts as possibly done, though nobody is there when it is back', async () => {
      const holder = await open();
      const cut = await cutting(redis.port);
      const asker = await open(`redis://127.0.0.1:${cut.port}`);
      const cancel = holder.serve('c6', async () => {
        cancel();
        return new Promise<never>(() => undefined);
      });
      await systemClock.sleep(50);
      void cut.beforeNextAnswerTo('publish');
      expect(await codeOf(asker.ask('c6', bytes('?'), { deadlineMs: 10_000 }))).to.equal('ANSWER_LOST');
      await asker.close();
      cut.close();
    }).timeout(20_000);

    it('C6 a connection that breaks while names are subscribed, for the first time or again, leaves none unserved', async () => {
      const asker = await open();
      asker.serve('c7', async () => bytes('here'));
      const cut = await cutting(redis.port);
      const holder = await open(`redis://127.0.0.1:${cut.port}`);
      const first = cut.beforeNextAnswerTo('subscribe');
      holder.serve('c8', async () => bytes('here'));
      await first;
      await served(asker, 'c8');
      const again = cut.beforeNextAnswerTo('subscribe');
      cut.now();
      await again;
      await served(asker, 'c8');
      await served(holder, 'c7');
      await holder.close();
      cut.close();
    }).timeout(20_000);

    it('O4 one that is closed while it subscribes again ends quietly', async () => {
      const cut = await cutting(redis.port);
      const holder = await open(`redis://127.0.0.1:${cut.port}`);
      holder.serve('c9', async () => bytes('here'));
      await served(await open(), 'c9');
      const unhandled: unknown[] = [];
      const note = (error: unknown): void => void unhandled.push(error);
      process.on('unhandledRejection', note);
      const again = cut.beforeNextAnswerTo('subscribe');
      cut.now();
      await again;
      await holder.close();
      await systemClock.sleep(50);
      process.off('unhandledRejection', note);
      expect(unhandled).to.deep.equal([]);
      cut.close();
    }).timeout(20_000);

    it('C6 when Redis is back, names are served again without being told', async () => {
      const [holder, asker] = [await open(), await open()];
      holder.serve('c5', async () => bytes('here'));
      await served(asker, 'c5');
      await redis.stop();
      redis = await startRedisServer([], redis.port);
      await served(asker, 'c5');
    }).timeout(30_000);
  });

  describe('PendingAnswer', () => {
    it('C6 waits as long as the other side shows that it lives, and 6 s longer', async () => {
      const clock = new VirtualClock();
      const pending = new PendingAnswer(clock, { deadlineMs: 60_000 });
      let code = '';
      void codeOf(pending.answered).then((given) => (code = given));
      for (let n = 0; n < 5; n++) {
        await clock.advance(5_900);
        pending.heard();
      }
      await clock.advance(5_999);
      expect(code).to.equal('');
      await clock.advance(1);
      expect(code).to.equal('ANSWER_LOST');
      pending.over();
    });

    it('C6 ends at its deadline and when it is given up', async () => {
      const clock = new VirtualClock();
      const giveUp = new AbortController();
      const [late, given] = [
        new PendingAnswer(clock, { deadlineMs: 1_000 }),
        new PendingAnswer(clock, { deadlineMs: 1_000, signal: giveUp.signal }),
      ];
      giveUp.abort();
      expect(await codeOf(given.answered)).to.equal('ANSWER_LOST');
      await clock.advance(1_000);
      expect(await codeOf(late.answered)).to.equal('ANSWER_LOST');
      for (const pending of [late, given]) pending.over();
    });
  });

  interface Cutting {
    readonly port: number;
    /** Resolves when it has broken the connections. */
    beforeNextAnswerTo(command: string): Promise<void>;
    now(): void;
    close(): void;
  }

  /** A way to Redis that hands one command on and breaks all connections instead of bringing its answer. */
  async function cutting(port: number): Promise<Cutting> {
    let armed: { readonly command: string; readonly done: () => void } | undefined;
    const sockets = new Set<Socket>();
    const now = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      let isCut = false;
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => [near, far].forEach((each) => each.destroy()));
      }
      near.on('data', (chunk: Buffer) => {
        isCut ||= armed !== undefined && chunk.toString('latin1').toLowerCase().includes(armed.command);
        far.write(chunk);
      });
      far.on('data', (chunk: Buffer) => {
        if (!isCut) near.write(chunk);
        else {
          now();
          armed?.done();
          armed = undefined;
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      port: (server.address() as AddressInfo).port,
      beforeNextAnswerTo: (command) => new Promise((done) => (armed = { command, done })),
      now,
      close() {
        now();
        server.close();
      },
    };
  }

  it('C6 what is no frame is nobody’s question', () => {
    const frame = { kind: 'question', id: 'i'.repeat(36), asker: 'a'.repeat(36), body: bytes('b') } as const;
    const whole = writeFrame(frame);
    expect(readFrame(whole)).to.deep.equal(frame);
    for (const cut of [0, 1, 20, 37, 60]) expect(readFrame(whole.subarray(0, cut))).to.equal(undefined);
    expect(readFrame(Buffer.from('hello'))).to.equal(undefined);
  });
});
