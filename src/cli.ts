/** The command line. Talk goes to stderr; the last line of stdout is JSON. Exit codes: decisions in src/README.md and README.md. */

import { Command, CommanderError } from 'commander';
import { tellAndExit } from './app/tell.js';
import { openInstallation } from './app/installation.js';
import { doctor } from './cli/doctor.js';
import { login } from './cli/login.js';
import { logout } from './cli/logout.js';
import { serveStore } from './cli/serve-store.js';
import { readSettings, type Settings } from './config/settings.js';
import type { Clock, Log } from './ports/runtime.js';
import { systemClock } from './runtime/clock.js';
import { openLog } from './runtime/log.js';

function parts(): { settings: Settings; clock: Clock; log: Log } {
  const settings = readSettings();
  return { settings, clock: systemClock, log: openLog({ level: 'error', clock: systemClock }) };
}

function print(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function program(): Command {
  const root = new Command('gateway').description(
    'Understudy: connect, look after and disconnect bots and accounts',
  );
  root.exitOverride().configureOutput({ writeOut: (text) => process.stderr.write(text) });
  const logins = root.command('login').description('connect a bot or a personal account to a backend group');
  logins
    .command('bot')
    .description('by its token, asked for on the terminal or read as one line from stdin')
    .requiredOption('--group <id>', 'backend group, like -1002000000001')
    .action(async ({ group }: { group: string }) => print(await login(parts(), { kind: 'bot' }, group)));
  logins
    .command('account')
    .description('by phone and code, or by QR code; then the password where one is set; one line each')
    .requiredOption('--group <id>', 'backend group, like -1002000000001')
    .option('--phone <number>', 'with country code, like +4912345678')
    .option('--qr', 'draw a QR code to scan with the Telegram app')
    .action(async ({ group, phone, qr }: { group: string; phone?: string; qr?: boolean }) => {
      const start =
        qr === true
          ? { kind: 'qr' as const }
          : { kind: 'phone' as const, ...(phone === undefined ? {} : { phone }) };
      print(await login(parts(), start, group));
    });
  root.command('connections').description('list the connections and their states').action(listConnections);
  root
    .command('logout <id>')
    .description("end a connection's session at Telegram and erase its key")
    .action(async (id: string) => print(await logout(parts(), id)));
  root
    .command('doctor')
    .description('check everything the gateway needs, one line each')
    .action(async () => print(await doctor(parts())));
  root
    .command('store')
    .description('serve a data directory to MongoDB drivers and shells on loopback')
    .requiredOption('--listen <host:port>', 'like 127.0.0.1:27017')
    .option('--data <dir>', 'the data directory (default: DATA_DIR)')
    .action(serveStore);
  return root;
}

async function listConnections(): Promise<void> {
  const installation = await openInstallation(readSettings(), 'join');
  try {
    const connections = await installation.store.connections.list();
    for (const { id, kind, name, state, stateReason } of connections) {
      process.stderr.write(
        `${id}  ${kind}  ${name}  ${state}${stateReason === undefined ? '' : `: ${stateReason}`}\n`,
      );
    }
    print({ connections });
  } finally {
    await installation.close();
  }
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    // commander has told its own complaint already; help asked for is no failure.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else tellAndExit(error);
  });
