/** The faults of the local Telegram's wire, each by its own name (test/emulator/mtproto/faults.ts). */

import { again, repeated, standing, type Fault } from './fault.js';

const send = { method: 'messages.sendMessage' };
const difference = { method: 'updates.getDifference' };
const channelDifference = { method: 'updates.getChannelDifference' };

const calls: readonly Fault[] = [
  {
    name: 'call.error',
    what: 'every few sends and differences are answered 500 INTERNAL',
    lastsMs: 4000,
    begin: repeated(
      150,
      { name: 'call.error', code: 500, text: 'INTERNAL', when: send, times: 1 },
      { name: 'call.error', code: 500, text: 'INTERNAL', when: difference, times: 1 },
      { name: 'call.error', code: 500, text: 'INTERNAL', when: channelDifference, times: 1 },
    ),
  },
  {
    name: 'call.flood',
    what: 'every second send is answered FLOOD_WAIT_2',
    lastsMs: 5000,
    begin: repeated(120, { name: 'call.flood', seconds: 2, when: send, times: 1 }),
    short: true,
  },
  {
    name: 'call.delay',
    what: 'every call takes 1.5 s longer',
    lastsMs: 5000,
    begin: standing({ name: 'call.delay', ms: 1500 }),
  },
  {
    name: 'call.lost',
    what: 'three sends and a file part are never seen by the server',
    lastsMs: 5000,
    begin: repeated(
      2000,
      { name: 'call.lost', when: send, times: 1 },
      { name: 'call.lost', when: { method: 'upload.saveFilePart' }, times: 1 },
    ),
  },
  {
    name: 'call.answer-lost',
    what: 'sends, files and new topics are executed, their answers are lost',
    lastsMs: 5000,
    begin: repeated(
      1500,
      { name: 'call.answer-lost', when: send, times: 1 },
      { name: 'call.answer-lost', when: { method: 'messages.sendMedia' }, times: 1 },
      { name: 'call.answer-lost', when: { method: 'messages.createForumTopic' }, times: 1 },
    ),
    short: true,
  },
  {
    name: 'call.close-before',
    what: 'the connection closes just before sends',
    lastsMs: 4000,
    begin: repeated(300, { name: 'call.close-before', when: send, times: 1 }),
  },
  {
    name: 'call.close-after',
    what: 'sends are executed, the connection closes before the answers',
    lastsMs: 4000,
    begin: repeated(300, { name: 'call.close-after', when: send, times: 1 }),
    short: true,
  },
  {
    name: 'call.garbage',
    what: 'sends and differences are answered with an unknown constructor',
    lastsMs: 4000,
    begin: repeated(
      700,
      { name: 'call.garbage', when: send, times: 1 },
      { name: 'call.garbage', when: difference, times: 1 },
    ),
  },
];

const pushes: readonly Fault[] = [
  {
    name: 'push.drop',
    what: 'every update is lost on its way',
    lastsMs: 4000,
    begin: standing({ name: 'push.drop' }),
    short: true,
  },
  {
    name: 'push.duplicate',
    what: 'every update comes twice',
    lastsMs: 3000,
    begin: standing({ name: 'push.duplicate' }),
    short: true,
  },
  {
    name: 'push.reorder',
    what: 'updates overtake one another',
    lastsMs: 3000,
    begin: standing({ name: 'push.reorder' }),
    short: true,
  },
  {
    name: 'push.delay',
    what: 'every update comes 1.5 s late, after the answers that it belongs before',
    lastsMs: 4000,
    begin: standing({ name: 'push.delay', ms: 1500 }),
  },
  {
    name: 'push.too-long',
    what: 'updatesTooLong comes in the place of every update',
    lastsMs: 3000,
    begin: standing({ name: 'push.too-long' }),
  },
  {
    name: 'push.unknown',
    what: 'a constructor of no layer leads every container',
    lastsMs: 3000,
    begin: standing({ name: 'push.unknown' }),
  },
  {
    name: 'push.error-first',
    what: 'an error for an unknown request leads every container',
    lastsMs: 3000,
    begin: standing({ name: 'push.error-first' }),
  },
];

const sockets: readonly Fault[] = [
  {
    name: 'socket.close',
    what: 'all connections are closed every 0.2 to 0.8 s',
    lastsMs: 4000,
    begin: again(async ({ telegram }) => void telegram.faults.add({ name: 'socket.close' }), {
      lowMs: 200,
      highMs: 800,
    }),
    short: true,
  },
  {
    name: 'socket.reset',
    what: 'all connections are reset every 0.2 to 0.8 s',
    lastsMs: 4000,
    begin: again(async ({ telegram }) => void telegram.faults.add({ name: 'socket.reset' }), {
      lowMs: 200,
      highMs: 800,
    }),
  },
  {
    name: 'socket.black-hole',
    what: 'connections are kept, nothing is read or answered',
    lastsMs: 10_000,
    begin: standing({ name: 'socket.black-hole' }),
  },
  {
    name: 'socket.black-hole, short',
    what: 'a router forgets the connections: they are dead without a word, new ones are good',
    lastsMs: 1500,
    begin: standing({ name: 'socket.black-hole' }),
    short: true,
  },
  {
    name: 'socket.half-open',
    what: 'requests are executed, nothing that the server writes arrives',
    lastsMs: 10_000,
    begin: standing({ name: 'socket.half-open' }),
  },
  {
    name: 'socket.refuse',
    what: 'open connections are reset, new ones refused',
    lastsMs: 5000,
    begin: (stage, random) => {
      const end = standing({ name: 'socket.refuse' })(stage, random);
      stage.telegram.faults.add({ name: 'socket.reset' });
      return end;
    },
  },
];

const sessions: readonly Fault[] = [
  {
    name: 'session.forget',
    what: 'the server forgets its sessions and what they had not acknowledged',
    lastsMs: 4000,
    begin: again(async ({ telegram }) => void telegram.faults.add({ name: 'session.forget' }), {
      lowMs: 400,
      highMs: 1200,
    }),
    short: true,
  },
  {
    name: 'session.salt',
    what: 'the server salts change',
    lastsMs: 3000,
    begin: again(async ({ telegram }) => void telegram.faults.add({ name: 'session.salt' }), {
      lowMs: 200,
      highMs: 600,
    }),
  },
  {
    name: 'session.clock',
    what: "the server's clock jumps 10 minutes ahead and back: message ids are refused (16, 17)",
    lastsMs: 4000,
    begin: standing({ name: 'session.clock', seconds: 600 }),
    short: true,
  },
  {
    name: 'key.unknown',
    what: 'packets are answered by transport error -404, now and then',
    lastsMs: 4000,
    begin: repeated(700, { name: 'key.unknown', times: 1 }),
  },
  {
    name: 'key.flood',
    what: 'packets are answered by transport error -429 and a close',
    lastsMs: 5000,
    begin: repeated(700, { name: 'key.flood', times: 1 }),
  },
];

export const wireFaults: readonly Fault[] = [...calls, ...pushes, ...sockets, ...sessions];
