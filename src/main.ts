/** `npm start [-- --role ROLES]`: the gateway until SIGINT or SIGTERM. stdout holds one line, `{"ready":true,…}`; everything else is stderr. */

import { readRoles } from './app/roles.js';
import { tellAndExit, tellOfTheUncaught } from './app/tell.js';
import { readSettings } from './config/settings.js';
import { systemClock } from './runtime/clock.js';
import { openLog } from './runtime/log.js';
import { withScope } from './runtime/scope.js';

async function main(): Promise<void> {
  const settings = readSettings();
  const roles = readRoles(process.argv.slice(2), settings.config);
  // Loaded after the variables are read: a wrong one is told at once, without all of Telegram's schema.
  const { checkBeforeStart } = await import('./checks/before-start.js');
  const { startApp } = await import('./app.js');
  const clock = systemClock;
  const log = openLog({ level: settings.config.logLevel, clock });
  await withScope({ clock, log }, async (scope) => {
    await checkBeforeStart({ settings, clock, log });
    const { desks } = await startApp(settings, roles, { scope, clock, log });
    process.stdout.write(
      `${JSON.stringify({ ready: true, pid: process.pid, roles: [...roles], desks: desks.map((desk) => desk.id) })}\n`,
    );
    await scope.stopped();
  });
}

/** What could not be closed keeps no process alive: by now everything durable is written. The clock's timers would. */
const lingerMs = 1_000;

tellOfTheUncaught();
main()
  .catch(tellAndExit)
  .finally(() => setTimeout(() => process.exit(), lingerMs).unref());
