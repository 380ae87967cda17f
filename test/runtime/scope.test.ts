import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Log } from '../../src/ports/runtime.js';
import { withScope, type Scope } from '../../src/runtime/scope.js';
import { settle, VirtualClock } from '../support/virtual-clock.js';

function setUp() {
  const seen: string[] = [];
  const signals = new EventEmitter();
  const clock = new VirtualClock();
  const note = (event: string) => void seen.push(event);
  const log: Log = { error: note, warn: note, info: note, debug: note, child: () => log };
  const open = (scope: Scope, name: string, close: () => unknown = () => undefined) =>
    scope.open(
      name,
      () => void seen.push(`open ${name}`),
      () => {
        seen.push(`close ${name}`);
        return close();
      },
    );
  return { seen, signals, clock, open, options: { log, clock, signals } };
}

async function thrownBy(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('runtime/scope', () => {
  it('O4 what was opened in order closes in reverse when the body ends', async () => {
    const { seen, open, options, signals } = setUp();
    const end = await withScope(options, async (scope) => {
      await open(scope, 'store');
      await open(scope, 'queue');
      await open(scope, 'fleet');
    });
    expect(end).to.equal('done');
    expect(seen.slice(3)).to.deep.equal(['close fleet', 'close queue', 'close store']);
    expect(signals.listenerCount('SIGTERM')).to.equal(0);
  });

  for (const name of ['SIGINT', 'SIGTERM']) {
    it(`O4 ${name} becomes one abort, after which everything closes in reverse`, async () => {
      const { seen, open, options, signals } = setUp();
      const run = withScope(options, async (scope) => {
        await open(scope, 'store');
        await open(scope, 'queue');
        await scope.stopped();
        await scope.stopped();
      });
      await settle();
      signals.emit(name);
      expect(await run).to.equal('stopped');
      expect(seen).to.deep.equal(['open store', 'open queue', 'stopping', 'close queue', 'close store']);
    });
  }

  it('O4 a signal during the start opens nothing more and closes what is open', async () => {
    const { seen, open, options, signals } = setUp();
    const end = await withScope(options, async (scope) => {
      await open(scope, 'store');
      signals.emit('SIGTERM');
      await open(scope, 'queue');
    });
    expect(end).to.equal('stopped');
    expect(seen).to.deep.equal(['open store', 'stopping', 'close store']);
  });

  it('O4 an error in the body closes what is open and comes out', async () => {
    const { seen, open, options } = setUp();
    const fault = new RangeError('no');
    const run = withScope(options, async (scope) => {
      await open(scope, 'store');
      throw fault;
    });
    expect(await thrownBy(run)).to.equal(fault);
    expect(seen).to.deep.equal(['open store', 'close store']);
  });

  it('O4 a part that can no longer go on ends the run: everything closes, and its error comes out', async () => {
    const { seen, open, options } = setUp();
    const fault = new RangeError('no');
    const run = withScope(options, async (scope) => {
      await open(scope, 'store', () => Promise.reject(new TypeError('dead')));
      await open(scope, 'queue');
      setImmediate(() => {
        scope.fail(fault);
        scope.fail(new TypeError('later'));
      });
      await scope.stopped();
    });
    expect(await thrownBy(run)).to.equal(fault);
    expect(seen.slice(2)).to.deep.equal(['close queue', 'close store', 'close-failed']);
  });

  it('O4 a part that can no longer go on during the start is what comes out, and nothing more opens', async () => {
    const { seen, open, options } = setUp();
    const fault = new RangeError('no');
    const run = withScope(options, async (scope) => {
      await open(scope, 'store');
      scope.fail(fault);
      await open(scope, 'queue');
    });
    expect(await thrownBy(run)).to.equal(fault);
    expect(seen).to.deep.equal(['open store', 'close store']);
  });

  it('O4 a part that fails to close is reported and keeps nothing else open', async () => {
    const { seen, open, options } = setUp();
    const fault = new RangeError('no');
    const run = withScope(options, async (scope) => {
      await open(scope, 'store');
      await open(scope, 'queue', () => Promise.reject(fault));
      await open(scope, 'fleet');
    });
    expect(await thrownBy(run)).to.equal(fault);
    expect(seen.slice(3)).to.deep.equal(['close fleet', 'close queue', 'close-failed', 'close store']);
  });

  it('O4 a part that hangs while closing is left behind after ten seconds', async () => {
    const { seen, open, options, clock } = setUp();
    const run = withScope(options, async (scope) => {
      await open(scope, 'store');
      await open(scope, 'queue', () => new Promise(() => undefined));
    });
    await clock.advance(9_999);
    expect(seen.slice(2)).to.deep.equal(['close queue']);
    await clock.advance(1);
    await run;
    expect(seen.slice(3)).to.deep.equal(['close-timeout', 'close store']);
    expect(clock.pending).to.equal(0);
  });

  it('O4 however many parts hang, all are told to close within 25 s', async () => {
    const { seen, open, options, clock } = setUp();
    const names = ['store', 'queue', 'fleet', 'workers'];
    const run = withScope(options, async (scope) => {
      for (const name of names) await open(scope, name, () => new Promise(() => undefined));
    });
    for (let ms = 0; ms < 25_000; ms += 100) await clock.advance(100);
    await run;
    expect(seen.filter((line) => line.startsWith('close '))).to.have.length(names.length);
  });

  it('O4 a real SIGTERM ends a real process by itself, with exit code 0', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('scope-process.ts', import.meta.url))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      output += chunk;
      if (output === 'open\n') child.kill('SIGTERM');
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect({ code, output }).to.deep.equal({ code: 0, output: 'open\nclosed stopped\n' });
  });
});
