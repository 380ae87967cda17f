import { expect } from 'chai';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Account } from '../emulator/world/model.js';
import { until } from '../walks/until.js';
import { answerOf, expectClean, expectRefused } from './endings.js';
import { marked, openPlace, rowsIn, secretKey, SHOP_TOKEN, type Place } from './place.js';
import { killPrograms, ready, runCommand, runGateway, type Env, type Program } from './process.js';

type PlaceEnv = Env & { readonly DATA_DIR: string };

interface BackedUp {
  readonly file: string;
  readonly collections: number;
  readonly documents: number;
  readonly bytes: number;
  readonly sessions: boolean;
}

interface Restored extends Omit<BackedUp, 'bytes'> {
  readonly needLogin: readonly string[];
}

describe('Backup and restore of a gateway', function () {
  this.timeout(150_000);
  let place: Place;
  let keys: Env;
  let env: PlaceEnv;
  let file: string;
  beforeEach(async () => {
    place = await openPlace();
    keys = { SECRET_KEYS: secretKey() };
    env = place.env(keys);
    file = `${env.DATA_DIR}.backup`;
  });
  afterEach(async () => {
    await killPrograms();
    await place.close();
  });

  async function started(of: Env): Promise<Program> {
    const gateway = runGateway(of);
    await ready(gateway);
    return gateway;
  }

  async function connectShop(of: Env): Promise<string> {
    const login = runCommand(['login', 'bot', '--group', marked(place.groups.team)], of);
    login.type(SHOP_TOKEN);
    return (answerOf(await login.ended) as { connection: string }).connection;
  }

  const run = async <T>(args: readonly string[], of: Env = env): Promise<T> =>
    answerOf(await runCommand(args, of).ended) as T;

  async function killed(gateway: Program): Promise<void> {
    gateway.kill('SIGKILL');
    await gateway.ended;
  }

  const say = (who: Account, text: string): void => {
    place.telegram.world.actAs(who).send({ kind: 'user', id: place.shop.id }, { text });
  };

  /** The posts that begin like this, in the order in which they stand in the group. */
  const posts = (beginning: string): string[] =>
    [...place.groups.team.box.messages.values()]
      .map(({ body }) => body.text)
      .filter((text) => text.startsWith(beginning));

  const arrived = (beginning: string, count: number) =>
    until(() => posts(beginning).length >= count, `${count} posts of ${beginning}`, 90_000);

  /** Ann and Max write, each a numbered line every few milliseconds. */
  function chatter(): { stop(): number } {
    let lines = 0;
    const timer = setInterval(() => {
      lines += 1;
      for (const who of [place.people.ann, place.people.max]) say(who, `${who.firstName} ${lines}`);
    }, 60);
    return {
      stop() {
        clearInterval(timer);
        return lines;
      },
    };
  }

  const numbered = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);

  it('O4 O1 taken while it runs and people write, restored after its end: every line stands once and in order', async () => {
    const { faults } = place.telegram;
    const gateway = await started(env);
    await connectShop(env);
    const talk = chatter();
    await Promise.all([arrived('Ann', 5), arrived('Max', 5)]);
    // Telegram lets nothing into the group, so what comes from here on waits in journal and deliveries.
    faults.add({ name: 'call.flood', seconds: 3, when: { method: 'messages.sendMessage' } });
    const backedUp = await run<BackedUp>(['backup', file, '--with-sessions']);
    expect(backedUp).to.include({ file, sessions: true, bytes: statSync(file).size });
    const lines = talk.stop();
    await killed(gateway);
    expect(posts('Ann').length, 'lines that were posted before').to.be.below(lines - 10);
    faults.clear();
    // Nobody is there: these come with the difference.
    for (const who of [place.people.ann, place.people.max]) say(who, `${who.firstName} ${lines + 1}`);

    const next = place.env(keys);
    const restored = await run<Restored>(['restore', file], next);
    expect(restored).to.deep.include({ documents: backedUp.documents, sessions: true, needLogin: [] });
    await started(next);
    for (const name of ['Ann', 'Max']) {
      await arrived(name, lines + 1);
      expect(posts(name)).to.deep.equal(numbered(name, lines + 1));
    }
  });

  it('O4 what was posted since the backup is posted again under the same random ids, so it stands once', async () => {
    const gateway = await started(env);
    await connectShop(env);
    say(place.people.ann, 'Ann 1');
    await arrived('Ann', 1);
    await run(['backup', file, '--with-sessions']);
    say(place.people.ann, 'Ann 2');
    await arrived('Ann', 2);
    await killed(gateway);
    say(place.people.ann, 'Ann 3');
    const next = place.env(keys);
    await run(['restore', file], next);
    await started(next);
    // Behind a line that Telegram has already; its id is looked for first.
    await arrived('Ann', 3);
    expect(posts('Ann')).to.deep.equal(numbered('Ann', 3));
  });

  it('O4 C3 without sessions its connections wait for a login, and go on where the backup stood', async () => {
    const gateway = await started(env);
    const id = await connectShop(env);
    say(place.people.ann, 'Ann 1');
    await arrived('Ann 1', 1);
    gateway.kill('SIGTERM');
    await gateway.ended;
    expect(await run<BackedUp>(['backup', file])).to.include({ sessions: false });
    say(place.people.ann, 'Ann 2');

    const next = place.env(keys);
    const restore = await runCommand(['restore', file], next).ended;
    expect(answerOf(restore)).to.deep.include({ sessions: false, needLogin: [id] });
    expect(restore.stderr)
      .to.match(/same random ids/)
      .and.to.match(/--from-now/)
      .and.to.include(id);
    expectClean(restore.stderr);
    expect(await rowsIn(next.DATA_DIR)).to.deep.equal({ connections: [id], sessions: [] });
    const { connections } = await run<{ connections: object[] }>(['connections'], next);
    expect(connections[0]).to.include({
      state: 'needs-login',
      stateReason: 'It was restored from a backup without sessions; log the bot in again.',
    });
    await started(next);
    await connectShop(next);
    await arrived('Ann 2', 1);
    expect(posts('Ann')).to.deep.equal(['Ann 1', 'Ann 2']);
  });

  it('O4 restored with --from-now it sends nothing that happened since, and goes on from there', async () => {
    const gateway = await started(env);
    await connectShop(env);
    say(place.people.ann, 'Ann 1');
    await arrived('Ann 1', 1);
    gateway.kill('SIGTERM');
    await gateway.ended;
    await run(['backup', file, '--with-sessions']);
    say(place.people.ann, 'Ann 2');
    const next = place.env(keys);
    await run(['restore', file, '--from-now'], next);
    await started(next);
    const { connections } = await run<{ connections: { state: string }[] }>(['connections'], next);
    expect(connections).to.have.lengthOf(1);
    say(place.people.ann, 'Ann 3');
    await arrived('Ann 3', 1);
    expect(posts('Ann')).to.deep.equal(['Ann 1', 'Ann 3']);
  });

  it('O4 V1 what may not be restored ends with one sentence and writes nothing', async () => {
    const gateway = await started(env);
    await connectShop(env);
    await run(['backup', file, '--with-sessions']);
    expectRefused(await runCommand(['backup', file], env).ended, {
      code: 2,
      sentence: /^The file .* exists already; give another name, or --force to replace it\. See /,
    });
    expectRefused(await runCommand(['restore', file], env).ended, { code: 5, sentence: /in use by process/ });
    await killed(gateway);
    expectRefused(await runCommand(['restore', file], env).ended, {
      code: 2,
      sentence:
        /^A restore needs an empty installation, and this one holds rows in \w+; give another DATA_DIR /,
    });
    const whole = readFileSync(file);
    const refused = async (bytes: Buffer, of: PlaceEnv, sentence: RegExp) => {
      writeFileSync(file, bytes);
      expectRefused(await runCommand(['restore', file], of).ended, { code: 2, sentence });
      expect(await rowsIn(of.DATA_DIR)).to.deep.equal({ connections: [], sessions: [] });
    };
    const fresh = place.env(keys);
    await refused(
      whole.subarray(0, -1),
      fresh,
      /^The archive is damaged \(part 0 of it is altered or cut off\); /,
    );
    await refused(
      Buffer.concat([whole.subarray(0, -30), whole.subarray(-29), Buffer.from('x')]),
      fresh,
      /damaged/,
    );
    await refused(Buffer.from('hello'), fresh, /^The archive is damaged \(it does not begin like a backup/);
    const [kid = ''] = keys['SECRET_KEYS']!.split(':');
    const sentence = new RegExp(
      `^The archive opens only with the key ${kid} that sealed it; give it in SECRET_KEYS `,
    );
    await refused(whole, place.env({ SECRET_KEYS: secretKey() }), sentence);
    const keyless = place.env();
    await refused(whole, keyless, /^There is no key file .*; put the one of the former installation there, /);
    expect(existsSync(keyless.DATA_DIR)).to.equal(false);
    const rotated = place.env({ SECRET_KEYS: `${secretKey()},${keys['SECRET_KEYS'] ?? ''}` });
    expect(await run(['restore', file], rotated)).to.include({ sessions: true });
    await started(rotated);
  });

  it('O4 O1 goes from the embedded store to a database over TCP and back, row by row', async () => {
    const gateway = await started(env);
    await connectShop(env);
    for (let n = 1; n <= 3; n++) say(place.people.ann, `Ann ${n}`);
    await arrived('Ann', 3);
    gateway.kill('SIGTERM');
    await gateway.ended;
    const first = await run<BackedUp>(['backup', file, '--with-sessions']);

    const { DATA_DIR: served } = place.env();
    const store = runCommand(['store', '--listen', '127.0.0.1:0', '--data', served], env);
    await ready(store);
    const { url } = JSON.parse(store.stdout()) as { url: string };
    const overTcp = place.env({ ...keys, MONGODB_URL: url });
    expect(await run(['restore', file], overTcp)).to.include({ documents: first.documents });
    const second = await run<BackedUp>(['backup', `${file}.2`, '--with-sessions'], overTcp);
    expect(second).to.include({ documents: first.documents, collections: first.collections });
    const back = place.env(keys);
    expect(await run(['restore', `${file}.2`], back)).to.include({ documents: first.documents });
    await started(back);
    say(place.people.ann, 'Ann 4');
    await arrived('Ann 4', 1);
    expect(posts('Ann')).to.deep.equal(numbered('Ann', 4));
  });
});
