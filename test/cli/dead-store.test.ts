import { expect } from 'chai';
import { join } from 'node:path';
import { expectClean } from './endings.js';
import type { Place } from './place.js';
import { ready, spawned, type Env, type Program } from './process.js';
import { withPlace } from './with-place.js';

/** As long as a stop may take. */
const endsWithinMs = 25_000;

describe('A program whose embedded store dies', function () {
  this.timeout(60_000);
  let place: Place;
  withPlace('each', (opened) => (place = opened));

  function run(args: readonly string[], env: Env): Program {
    const first = ['--import', 'tsx', '--import', join(import.meta.dirname, 'dying-thread.ts')];
    return spawned(process.execPath, [...first, ...args], env);
  }

  for (const [title, args] of [
    ['O1 the gateway says why and ends with 70', ['src/main.ts']],
    [
      'O1 a store that is served for shells does the same',
      ['src/cli.ts', 'store', '--listen', '127.0.0.1:0'],
    ],
  ] as const)
    it(title, async () => {
      const program = run(args, place.env());
      await ready(program);
      const killedAt = performance.now();
      program.kill('SIGUSR2');
      const { code, stderr } = await program.ended;
      expect(performance.now() - killedAt).to.be.below(endsWithinMs);
      expect(code, stderr).to.equal(70);
      expect(stderr).to.match(/"event":"store-died","code":"INTERNAL","class":"TypeError"/);
      expect(stderr).to.match(/^Something unexpected happened \(the embedded store has died: TypeError\);/m);
      expectClean(stderr);
    });
});
