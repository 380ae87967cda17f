import { expect } from 'chai';
import { judgeDirectory, judgeNode } from '../../src/checks/machine.js';
import { judgeMongo } from '../../src/checks/mongodb.js';
import { judgeRedis } from '../../src/checks/redis.js';
import { judgeTelegramClock } from '../../src/checks/telegram.js';
import type { Finding } from '../../src/checks/finding.js';

/** `name level` of each, a fatal one with its code. */
const told = (findings: readonly Finding[]) =>
  findings.map(
    (finding) => `${finding.name}: ${finding.level === 'fatal' ? finding.error.code : finding.level}`,
  );

const sentence = (finding: Finding | undefined) =>
  finding?.level === 'fatal' ? finding.error.message : (finding?.line ?? '');

describe('What the checks make of the facts', () => {
  const server = { version: '8.0.1', isReplicated: true, aheadMs: 5, hasMajority: true };
  const mebibyte = 1024 ** 2;

  it('O3 Node.js before 20.19 is refused', () => {
    const levels = ['18.20.4', '20.18.9', '20.19.0', '22.0.0', '26.1.0'].map(
      (version) => judgeNode(version).level,
    );
    expect(levels).to.deep.equal(['fatal', 'fatal', 'fine', 'fine', 'fine']);
    expect(sentence(judgeNode('18.20.4'))).to.equal('Node.js 18.20.4 is too old; install 20.19 or newer.');
  });

  it('V1 a directory that others may open is told with the command that closes it; little room is told, no room is fatal', () => {
    const at = (mode: number, free: number) => judgeDirectory('/data', { mode, freeBytes: free * mebibyte });
    expect(told(at(0o700, 5000))).to.deep.equal(['data directory: fine', 'disk: fine']);
    expect(told(at(0o750, 1000))).to.deep.equal(['data directory: warning', 'disk: warning']);
    expect(sentence(at(0o701, 5000)[0])).to.match(/chmod 700 \/data$/);
    expect(told(at(0o700, 63))).to.deep.equal(['data directory: fine', 'disk: STORE_FULL']);
    expect(told(judgeDirectory('/data', undefined))).to.deep.equal(['data directory: fine']);
  });

  it('O3 a MongoDB that is no replica set is refused, whatever else it is', () => {
    const findings = judgeMongo({ ...server, isReplicated: false, hasMajority: false }, 'h:1', 'one');
    expect(told(findings)).to.deep.equal(['MongoDB: CONFIG_INVALID']);
    expect(sentence(findings[0])).to.match(
      /^MongoDB at h:1 is no replica set.*--replSet rs0.*rs\.initiate\(\)/,
    );
  });

  it('O3 a replica set without a majority is one that cannot be reached', () => {
    expect(told(judgeMongo(server, 'h', 'one'))).to.deep.equal([
      'MongoDB: fine',
      'MongoDB writes: fine',
      'MongoDB clock: fine',
    ]);
    const findings = judgeMongo({ ...server, hasMajority: false }, 'h', 'one');
    expect(told(findings)[1]).to.equal('MongoDB writes: MONGODB_UNREACHABLE');
  });

  it('C6 clocks more than 2 s apart, either way, are a warning for one process and fatal for several', () => {
    const levels = (aheadMs: number, processes: 'one' | 'several') =>
      judgeMongo({ ...server, aheadMs }, 'h', processes)[2]?.level;
    for (const sign of [1, -1]) {
      expect([levels(2000 * sign, 'one'), levels(2000 * sign, 'several')]).to.deep.equal(['fine', 'fine']);
      expect([levels(2001 * sign, 'one'), levels(2001 * sign, 'several')]).to.deep.equal([
        'warning',
        'fatal',
      ]);
    }
  });

  it('O3 a Redis that keeps nothing is a warning, one that does not say is none', () => {
    const redis = { address: 'r:1', version: '7.0.15', isPersistent: true, aheadMs: 0 };
    expect(told(judgeRedis(redis))).to.deep.equal([
      'Redis: fine',
      'Redis persistence: fine',
      'Redis clock: fine',
    ]);
    expect(told(judgeRedis({ ...redis, isPersistent: undefined }))[1]).to.equal('Redis persistence: fine');
    expect(told(judgeRedis({ ...redis, isPersistent: false, aheadMs: -3000 }))).to.deep.equal([
      'Redis: fine',
      'Redis persistence: warning',
      'Redis clock: warning',
    ]);
  });

  it("O3 a clock 5 s off Telegram's is worth a word, a whole second is not", () => {
    expect([-6000, -1000, 1000, 6000].map((ms) => judgeTelegramClock(ms).level)).to.deep.equal([
      'warning',
      'fine',
      'fine',
      'warning',
    ]);
  });
});
