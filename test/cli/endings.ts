/** What every bad end must look like, and cases that run beside one another. */

import { expect } from 'chai';
import { DESK_TOKEN, PASSWORD, SHOP_TOKEN } from './place.js';
import type { Ended } from './process.js';

export interface Refusal {
  readonly code: number;
  readonly sentence: RegExp;
}

/** What may never be printed by a program that was told it. */
const secrets = [SHOP_TOKEN, DESK_TOKEN, PASSWORD, '491000000', 'my password', 'db-password'];

/** Questions and good news of a login before it failed, and the gateway's log lines. */
const talk =
  /^(Backend group: |Bot token |Login code: |Phone number |Two-step verification password: |Telegram sent the code |\{"level")/;

/** One sentence on stderr, nothing on stdout, the exit code, no stack and no secret. */
export function expectRefused(ended: Ended, { code, sentence }: Refusal): void {
  const lines = ended.stderr.split('\n').filter((line) => line !== '' && !talk.test(line));
  expect(lines, 'one sentence').to.have.lengthOf(1);
  expect(lines[0]).to.match(sentence);
  expect(lines[0], 'a sentence').to.match(/^[A-Z].*\.$/);
  expect(ended.code, ended.stderr).to.equal(code);
  expect(ended.stdout).to.equal('');
  expectClean(ended.stderr);
}

export function expectClean(printed: string): void {
  expect(printed).not.to.match(/^\s+at /m);
  expect(
    secrets.filter((secret) => printed.includes(secret)),
    'secrets that were printed',
  ).to.deep.equal([]);
}

/** The last line of stdout of a program that succeeded. */
export function answerOf({ code, stdout, stderr }: Ended): unknown {
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

export interface Case {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** A test for each case; the first one starts them all, a few at a time, so that they wait for their processes together. */
export function besideOneAnother(cases: readonly Case[], atOnce = 4): void {
  let outcomes: readonly Promise<void>[] | undefined;
  for (const [index, { title }] of cases.entries()) {
    it(title, async () => {
      outcomes ??= startAll(cases, atOnce);
      await outcomes[index];
    });
  }
}

function startAll(cases: readonly Case[], atOnce: number): Promise<void>[] {
  const lanes: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  return cases.map(({ run }, index) => {
    const outcome = lanes[index % atOnce]!.then(run);
    lanes[index % atOnce] = outcome.catch(() => undefined);
    return outcome;
  });
}
