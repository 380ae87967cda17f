import { expect } from 'chai';
import { StateTeller } from '../../../src/telegram/session/state.js';
import { VirtualClock } from '../../support/virtual-clock.js';

describe('State of a session', () => {
  let clock: VirtualClock;
  let told: string[];
  let teller: StateTeller;

  beforeEach(() => {
    clock = new VirtualClock(0);
    told = [];
    teller = new StateTeller(clock, ({ state, since }) => told.push(`${state} ${since}`));
  });

  it('C4 is told once per change, with its time', async () => {
    teller.tell('live');
    await clock.advance(5);
    teller.tell('live');
    teller.tell('connecting', 'down');
    expect(told).to.deep.equal(['connecting 0', 'live 0', 'connecting 5']);
    expect(teller.current).to.deep.equal({ state: 'connecting', reason: 'down', since: 5 });
  });

  it('C4 a long flood wait is a state with its reason until it is over', async () => {
    teller.tell('live');
    teller.flood(30);
    expect(teller.current).to.include({
      state: 'flood-waiting',
      reason: 'Telegram asks for a pause of 30 seconds.',
    });
    teller.tell('catching-up');
    await clock.advance(29_999);
    expect(teller.current.state).to.equal('flood-waiting');
    await clock.advance(1);
    expect(teller.current.state).to.equal('catching-up');
  });

  it('C4 a short flood wait is none', () => {
    teller.tell('live');
    teller.flood(9);
    expect(teller.current.state).to.equal('live');
  });

  it('C4 a lost connection ends the flood wait, and no timer is left', () => {
    teller.tell('live');
    teller.flood(30);
    teller.tell('connecting', 'down');
    expect(teller.current.state).to.equal('connecting');
    expect(clock.pending).to.equal(0);
  });
});
