import { expect } from 'chai';
import { openInstallation } from '../../src/app/installation.js';
import type { Stage } from './stage.js';
import { until } from './until.js';
import { withStage } from './with-stage.js';

describe('a pool of two desk bots', () => {
  let stage: Stage;
  withStage('bot', (opened) => (stage = opened), { pool: true });

  it('M5 D1 both see what an operator writes, and it counts once', async () => {
    const { world } = stage.telegram;
    const { ann, olga, shop, group } = stage.cast;
    const operator = world.actAs(olga);
    world.actAs(ann).send({ kind: 'user', id: shop.id }, { text: 'hello?' });
    const topic = await stage.topic('Ann');
    await until(() => stage.posts(topic).length === 1, 'the question');
    const answers = ['We are here.', 'And here.', 'And here too.'].map((text) =>
      operator.send({ kind: 'channel', id: group.id }, { text, topic }),
    );
    operator.send({ kind: 'channel', id: group.id }, { text: '/unknown', topic });
    await until(() => answers.every(({ body }) => body.reactions.size > 0), 'the marks');
    await allDone(stage);
    const received = [...ann.box.messages.values()].map(({ body }) => body.text);
    expect(received).to.deep.equal(['hello?', 'We are here.', 'And here.', 'And here too.']);
    expect(stage.posts(topic).filter((text) => text.startsWith('This command'))).to.have.length(1);
  });
});

/** Both bots' messages are routed, and what follows from them is sent. */
async function allDone({ settings }: Stage): Promise<void> {
  const installation = await openInstallation(settings, 'join');
  const { figures } = installation.store;
  try {
    const left = (): Promise<unknown[][]> => Promise.all([figures.unrouted(), figures.openDeliveries()]);
    await until(async () => (await left()).flat().length === 0, 'nothing left to do');
  } finally {
    await installation.close();
  }
}
