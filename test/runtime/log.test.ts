import { Writable } from 'node:stream';
import { expect } from 'chai';
import { GatewayError } from '../../src/domain/errors.js';
import type { Log } from '../../src/ports/runtime.js';
import { openLog, type LogLevel } from '../../src/runtime/log.js';
import { VirtualClock } from '../support/virtual-clock.js';

const secret = 'please call me at +4915112345678';
const token = '7000000001:AAF-abcdefghijklmnopqrstuvwxyz12345';

function capture(level: LogLevel = 'info'): { log: Log; text: () => string; lines: () => unknown[] } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const lines = () =>
    text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  return { log: openLog({ level, clock: new VirtualClock(), stream }), text: () => text, lines };
}

describe('runtime/log', () => {
  it('I4 writes one JSON line per event, with time, ids and numbers', () => {
    const { log, lines } = capture();
    log.info('delivery-sent', { delivery: 'c7-common-5-mirror', peer: 'user:7', tries: 2, media: false });
    expect(lines()).to.deep.equal([
      {
        level: 'info',
        time: '2026-01-01T00:00:00.000Z',
        event: 'delivery-sent',
        delivery: 'c7-common-5-mirror',
        peer: 'user:7',
        tries: 2,
        media: false,
      },
    ]);
  });

  it('I4 a child adds its fields to every line, its own child too', () => {
    const { log, lines } = capture();
    log.child({ owner: 'c7' }).child({ method: 'messages.sendMessage' }).warn('slow-call', { delayMs: 9 });
    expect(lines()[0]).to.include({ owner: 'c7', method: 'messages.sendMessage', delayMs: 9 });
  });

  it('I4 lines below LOG_LEVEL are not written', () => {
    const { log, text } = capture('warn');
    log.info('session-opened');
    log.debug('update-read');
    expect(text()).to.equal('');
  });

  it('V1 text under an unknown name is left out and only the name is told', () => {
    const { log, text, lines } = capture();
    log.info('message', { text: secret, token, phone: '4915112345678', connection: 'c7' });
    expect(lines()[0]).to.include({ connection: 'c7', dropped: 'text,token,phone' });
    for (const value of [secret, token, '4915112345678']) expect(text()).not.to.include(value);
  });

  it('V1 contents, phones and bot tokens under a known name are left out by their shape', () => {
    const { log, text } = capture();
    log.info('message', { peer: secret });
    log.info('message', { peer: token });
    log.info('message', { peer: `bot${token}` });
    log.info('message', { peer: '+4915112345678' });
    expect(text()).not.to.match(/please|AAF|49151/);
  });

  it('V1 an error is its code and class, never its text', () => {
    const { log, text, lines } = capture();
    log.error('send-failed', {}, new GatewayError('FLOOD_WAIT', '17'));
    log.error('send-failed', {}, new RangeError(secret));
    log.error('send-failed', {}, secret);
    log.error('send-failed', {}, new GatewayError('INTERNAL', 'x', { cause: new TypeError(secret) }));
    expect(lines()).to.deep.equal(
      [
        { code: 'FLOOD_WAIT', class: 'GatewayError' },
        { code: 'INTERNAL', class: 'RangeError' },
        { code: 'INTERNAL', class: 'string' },
        { code: 'INTERNAL', class: 'TypeError' },
      ].map((error) => ({
        level: 'error',
        time: '2026-01-01T00:00:00.000Z',
        event: 'send-failed',
        ...error,
      })),
    );
    expect(text()).not.to.include('please');
  });

  it('V1 with LOG_LEVEL=debug an error shows the frames of its stack, still without its text', () => {
    const { log, text } = capture('debug');
    log.error('send-failed', {}, new RangeError(`${secret}\n    at home`));
    expect(text())
      .to.include('log.test.ts')
      .and.not.to.match(/please|at home/);
  });
});
