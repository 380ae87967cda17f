/** The same world with the stock mirror in the gateway's place. */

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTelegram } from '../../../test/emulator/telegram.js';
import { Processes } from '../../sandbox/processes.js';
import { castOf } from '../stage/cast.js';
import type { Stage } from '../stage/stage.js';
import { switchOf } from '../stage/switch.js';
import type { MirrorWorld } from './world.js';

export async function openStockStage(_: unknown, dialogs: number): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-stock-'));
  const processes = new Processes(directory);
  const telegram = createTelegram({ limits: { enabled: false } });
  const cast = castOf(telegram, dialogs);
  const { host, ports } = await telegram.listen();
  const { n, e, fingerprint } = telegram.server.publicKey;
  const keyOf = (userId: number): string => {
    const key = Buffer.concat(
      Array.from({ length: 8 }, (_, part) => createHash('sha256').update(`${userId} ${part}`).digest()),
    );
    telegram.server.registerAuthKey(key, { userId: BigInt(userId) });
    return key.toString('base64');
  };
  const world: MirrorWorld = {
    host,
    ports,
    publicKey: { n: String(n), e, fingerprint: String(fingerprint) },
    shop: keyOf(cast.shop.id),
    owner: keyOf(cast.owner.id),
    desk: keyOf(cast.desk.id),
    groupId: cast.group.id,
  };
  const env = { MIRROR_WORLD: JSON.stringify(world) };
  const gateway = switchOf(processes, { name: 'mirror', file: 'scripts/faults/stock/mirror.ts', env });
  await gateway.start();
  return {
    telegram,
    cast,
    gateway,
    gateways: [gateway],
    store: undefined,
    redis: undefined,
    directory,
    complaints: () => Promise.resolve([]),
    logInAgain: () => Promise.reject(new Error('the stock mirror has no login')),
    // The mirror is shown, not judged: nobody looks into its log.
    async close() {
      await processes.close();
      await telegram.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
