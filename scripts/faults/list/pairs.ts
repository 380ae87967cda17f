/** Two faults at once. */

import { repeated, standing, again, together, type Fault } from './fault.js';
import { killGateway } from './house.js';

const send = { method: 'messages.sendMessage' };

export const pairs: readonly Fault[] = [
  {
    name: 'kill -9 + push.drop',
    what: 'killed at random moments while every update is lost',
    lastsMs: 8000,
    begin: together(standing({ name: 'push.drop' }), killGateway),
    short: true,
  },
  {
    name: 'kill -9 + call.answer-lost',
    what: 'killed at random moments while answers to sends are lost',
    // With several processes nobody sends while the leases of the dead run out; list/services.ts has one for them.
    house: 'embedded',
    lastsMs: 8000,
    begin: together(repeated(250, { name: 'call.answer-lost', when: send, times: 1 }), killGateway),
  },
  {
    name: 'socket.reset + push.reorder',
    what: 'connections are reset while updates overtake one another',
    lastsMs: 4000,
    begin: together(
      standing({ name: 'push.reorder' }),
      again(async ({ telegram }) => void telegram.faults.add({ name: 'socket.reset' }), {
        lowMs: 200,
        highMs: 800,
      }),
    ),
  },
  {
    name: 'call.flood + session.salt',
    what: 'flood waits while the salts change',
    lastsMs: 5000,
    begin: together(
      repeated(150, { name: 'call.flood', seconds: 1, when: send, times: 1 }),
      again(async ({ telegram }) => void telegram.faults.add({ name: 'session.salt' }), {
        lowMs: 200,
        highMs: 600,
      }),
    ),
  },
];
