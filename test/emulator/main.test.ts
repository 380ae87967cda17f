import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

interface Line {
  mtproto: { host: string; ports: Record<string, number> };
  publicKeyFile: string;
  botApiRoot: string;
  control: string;
}

describe('The local Telegram as a process', () => {
  let directory: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'telegram-test-'));
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    child = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts the process; its first line, or how it ended. */
  async function run(...flags: string[]): Promise<{ line?: Line; code?: number | null; said: string }> {
    const started = spawn(process.execPath, ['--import', 'tsx', MAIN, ...flags]);
    child = started;
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve) => {
      started.stdout.once('data', (chunk: Buffer) =>
        resolve({ line: JSON.parse(chunk.toString()) as Line, said }),
      );
      started.once('close', (code) => resolve({ code, said }));
    });
  }

  it('O2 it prints one line, serves the world of its file, and ends by SIGTERM', async () => {
    const world = join(directory, 'world.json');
    writeFileSync(
      world,
      JSON.stringify({
        users: [{ firstName: 'Anna', username: 'anna', phone: '+49 1', password: 'secret' }],
        bots: [{ firstName: 'Desk', username: 'desk_bot', token: '7000000555:AAtoken' }],
        groups: [
          {
            title: 'Office',
            creator: 'anna',
            forum: true,
            admins: [{ who: 'desk_bot', rights: { manage_topics: true } }],
          },
        ],
      }),
    );
    const { line } = await run('--world', world, '--dcs', '2');
    if (!line) throw new Error('no line');
    expect(Object.keys(line.mtproto.ports)).to.deep.equal(['2', '4']);
    expect(existsSync(line.publicKeyFile)).to.equal(true);
    const me = await (await fetch(`${line.botApiRoot}/bot7000000555:AAtoken/getMe`)).json();
    expect(me).to.have.nested.property('result.username', 'desk_bot');
    const view = await (await fetch(`${line.control}/world`)).json();
    expect(view).to.have.nested.property('groups[0].members[0].rights').that.deep.equals(['manage_topics']);
    const ended = new Promise<number | null>((resolve) => child?.once('exit', (code) => resolve(code)));
    child?.kill('SIGTERM');
    expect(await ended).to.equal(0);
    expect(existsSync(line.publicKeyFile)).to.equal(false);
  });

  it('O2 a wrong flag, a wrong file and a wrong name in it end with 2 and one sentence', async () => {
    const world = join(directory, 'world.json');
    writeFileSync(world, JSON.stringify({ groups: [{ title: 'Office', creator: 'nobody' }] }));
    const broken = join(directory, 'broken.json');
    writeFileSync(broken, '{');
    const wrong: [flags: string[], said: string][] = [
      [['--dcs', 'many'], '--dcs must be a number up to 5\n'],
      [['--world', world], 'world file: nobody is called nobody\n'],
      [['--world', broken], `${broken} is not JSON: `],
      [['--world', join(directory, 'none.json')], 'ENOENT: no such file'],
    ];
    const ends = await Promise.all(wrong.map(([flags]) => run(...flags)));
    for (const [index, { code, said }] of ends.entries()) {
      expect(code).to.equal(2);
      expect(said).to.include(wrong[index]?.[1]);
      expect(said.trim().split('\n')).to.have.length(1);
    }
  });
});
