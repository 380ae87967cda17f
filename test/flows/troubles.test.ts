import { expect } from 'chai';
import type { Delivery } from '../../src/domain/delivery.js';
import { GatewayError } from '../../src/domain/errors.js';
import { deskId, peerOf } from '../../src/domain/ids.js';
import { createTroubles, type Troubles } from '../../src/flows/troubles.js';
import { silentLog } from '../support/silent-log.js';
import { VirtualClock } from '../support/virtual-clock.js';

describe('What the team reads of its group’s troubles', () => {
  const group = peerOf('channel', '2000000001');
  const row = (id: string): Delivery => ({ id, group, attempts: 1 }) as Delivery;
  const rights = new GatewayError('GROUP_RIGHTS', 'Team');
  let clock: VirtualClock;
  let told: string[];
  let troubles: Troubles;

  beforeEach(() => {
    clock = new VirtualClock();
    told = [];
    troubles = createTroubles({
      sender: {
        async send({ parts }) {
          told.push(parts[0]?.content.text.text.slice(0, 1) ?? '');
          return [told.length];
        },
      },
      directory: { deskOf: () => deskId('7000000200') },
      clock,
      log: silentLog,
    });
  });

  it('M7 one trouble is told once, however many rows meet it again and again, and its end once', async () => {
    for (let n = 0; n < 20; n++) {
      troubles.met(row('first'), rights);
      troubles.met(row('second'), rights);
      await clock.advance(15_000);
    }
    troubles.over(row('second'));
    troubles.over(row('first'));
    troubles.over(row('first'));
    expect(told).to.deep.equal(['⚠', '✅']);
  });

  it('C6 a trouble whose row another process has sent is forgotten, so that the next one is told', async () => {
    troubles.met(row('first'), rights);
    await clock.advance(60_000);
    troubles.met(row('later'), rights);
    expect(told).to.deep.equal(['⚠', '⚠']);
  });
});
