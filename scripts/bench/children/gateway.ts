/** The gateway exactly as `npm start` runs it (src/main.ts, its real environment), with a pipe to the bench beside it. */

import { MongoClient } from 'mongodb';
import { serve } from '../process/serve.js';

/** Commands sent to the database since the start, by `command collection`; only counted where BENCH_COUNT is set. */
const commands = new Map<string, number>();

const ops = { commands: (_: null) => Object.fromEntries(commands) };

export type GatewayOps = typeof ops;

serve(ops);
// The gateway ends by itself after SIGTERM; the pipe must not keep it.
process.channel?.unref();
if (process.env['BENCH_COUNT'] !== undefined) countCommands();
await import('../../../src/main.js');

/** One command is one round trip. The driver tells its listeners only where it was asked to before it connects. */
function countCommands(): void {
  const { prototype } = MongoClient;
  const connect: unknown = Reflect.get(prototype, 'connect');
  if (typeof connect !== 'function') throw new Error('the driver connects otherwise');
  prototype.connect = function counted(this: MongoClient): Promise<MongoClient> {
    // The one named boundary: the driver keeps its options, still changeable, in `s.options`.
    const { s } = this as unknown as { s: { options: { monitorCommands: boolean } } };
    s.options.monitorCommands = true;
    this.on('commandStarted', ({ commandName, command }) => {
      const collection: unknown = command[commandName];
      const name = typeof collection === 'string' ? `${commandName} ${collection}` : commandName;
      commands.set(name, (commands.get(name) ?? 0) + 1);
    });
    return Reflect.apply(connect, this, []) as Promise<MongoClient>;
  };
}
