/**
 * A stand-in for `mongod` where there is none: takes its command line, is no primary until its replica set is initiated, and answers
 * everything else by the embedded store. It proves how a server is started, initiated and ended, and nothing about MongoDB.
 */

import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { Cursors } from '../../src/embedded/commands/cursors.js';
import { dispatch, refusal } from '../../src/embedded/commands/dispatch.js';
import { maxMessageBytes } from '../../src/embedded/commands/server.js';
import type { Doc } from '../../src/embedded/bson/value.js';
import { Store } from '../../src/embedded/storage/store.js';
import { serve } from '../../src/embedded/wire/connection.js';

const { values } = parseArgs({
  strict: false,
  options: {
    version: { type: 'boolean' },
    port: { type: 'string' },
    dbpath: { type: 'string' },
    replSet: { type: 'string' },
  },
});

if (values.version === true) process.stdout.write('a stand-in\n');
else listen(String(values.dbpath), Number(values.port), String(values.replSet));

function listen(path: string, port: number, setName: string): void {
  const parts = { store: new Store(path, Infinity), cursors: new Cursors(), now: () => new Date() };
  let isInitiated = false;

  async function handle(body: Doc): Promise<Doc> {
    if (body.has('replSetInitiate')) {
      isInitiated = true;
      return new Map([['ok', 1]]);
    }
    const answer = await dispatch(body, `127.0.0.1:${port}`, parts);
    if (!answer.has('isWritablePrimary')) return answer;
    const hello = new Map([...answer, ['setName', setName] as const]);
    if (isInitiated) return hello;
    for (const name of ['setName', 'hosts', 'primary', 'me']) hello.delete(name);
    return new Map([
      ...hello,
      ['isWritablePrimary', false],
      ['ismaster', false],
      ['isreplicaset', true],
    ] as const);
  }

  createServer((client) => serve(client, { handle, refuse: refusal, maxMessageBytes })).listen(
    port,
    '127.0.0.1',
  );
}
