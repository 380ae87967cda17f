import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { populate, readWorld } from './seed.js';
import { World } from './world.js';

describe('the world file', () => {
  it('O2 makes users, bots and groups with members and rights', () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-'));
    const path = join(folder, 'world.json');
    writeFileSync(
      path,
      JSON.stringify({
        users: [{ firstName: 'Anna', username: 'anna', phone: '+49 1', password: 'p' }],
        bots: [{ firstName: 'Desk', username: 'desk_bot', token: '123:abc' }],
        groups: [{ title: 'G', creator: 'anna', forum: true, admins: [{ who: 'desk_bot' }] }],
      }),
    );
    const world = readWorld(path);
    rmSync(folder, { recursive: true });
    const [group] = world.channels.values();
    expect(world.byToken('123:abc')?.id).to.equal(123);
    expect(group?.members.get(123)?.status).to.equal('admin');
    expect(group?.forum).to.equal(true);
  });

  it('O2 names who is missing', () => {
    const file = { groups: [{ title: 'G', creator: 'nobody' }] };
    expect(() => populate(new World(), file)).to.throw('nobody is called nobody');
  });
});
