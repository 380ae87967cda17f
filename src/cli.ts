/** The command line. Talk goes to stderr; the last line of stdout is JSON. Exit codes: the table in domain/errors.ts. */

import { Command, CommanderError, Option } from 'commander';
import { tellAndExit, tellOfTheUncaught } from './app/tell.js';
import { commandParts } from './cli/parts.js';
import { usageError } from './cli/usage.js';

// A command's modules are loaded when it runs: a mistyped word or variable is told at once, without all of Telegram's schema.

interface AccountOptions {
  readonly group: string;
  readonly phone?: string;
  readonly qr?: true;
}

function print(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function program(): Command {
  const root = new Command('gateway').description(
    'Understudy: connect, look after and disconnect bots and accounts',
  );
  root.exitOverride().configureOutput({
    writeOut: (text) => process.stderr.write(text),
    // Told below, in our words.
    outputError: () => undefined,
  });
  addLogins(root.command('login').description('connect a bot or a personal account to a backend group'));
  root
    .command('connections')
    .description('list the connections and their states')
    .action(async () => print(await (await import('./cli/connections.js')).connections(commandParts())));
  root
    .command('logout <id>')
    .description("end a connection's session at Telegram and erase its key")
    .action(async (id: string) => print(await (await import('./cli/logout.js')).logout(commandParts(), id)));
  root
    .command('doctor')
    .description('check everything the gateway needs, one line each')
    .action(async () => {
      const { diagnosis, exit } = await (await import('./cli/doctor.js')).doctor(commandParts());
      print(diagnosis);
      process.exitCode = exit;
    });
  addMoves(root);
  root
    .command('store')
    .description('serve a data directory to MongoDB drivers and shells on loopback')
    .requiredOption('--listen <host:port>', 'like 127.0.0.1:27017')
    .option('--data <dir>', 'the data directory (default: DATA_DIR)')
    .action(async (options: { listen: string; data?: string }) => {
      await (await import('./cli/serve-store.js')).serveStore(options);
    });
  return root;
}

function addMoves(root: Command): void {
  root
    .command('backup <file>')
    .description('write everything into one encrypted archive, also while the gateway runs')
    .option(
      '--with-sessions',
      'also the keys of the sessions: whoever has archive and key is these bots and accounts',
    )
    .option('--force', 'replace a file of that name')
    .action(async (file: string, options: { withSessions?: true; force?: true }) =>
      print(await (await import('./cli/backup.js')).backup(commandParts(), file, options)),
    );
  root
    .command('restore <file>')
    .description('bring an archive back into an empty installation')
    .option('--from-now', 'fetch and send nothing that happened before: for an old backup')
    .action(async (file: string, options: { fromNow?: true }) =>
      print(await (await import('./cli/restore.js')).restore(commandParts('require'), file, options)),
    );
  root
    .command('migrate')
    .description('bring the database up to this version, as every start does')
    .action(async () => print(await (await import('./cli/migrate.js')).migrate(commandParts())));
}

function addLogins(logins: Command): void {
  const group = ['--group <id>', 'backend group, like -1002000000001'] as const;
  logins
    .command('bot')
    .description('by its token, asked for on the terminal or read as one line from stdin')
    .requiredOption(...group)
    .action(async (options: { group: string }) => {
      const parts = commandParts();
      const { login } = await import('./cli/login.js');
      print(await login(parts, { kind: 'bot' }, options.group));
    });
  logins
    .command('account')
    .description('by phone and code, or by QR code; then the password where one is set; one line each')
    .requiredOption(...group)
    .option('--phone <number>', 'with country code, like +4912345678')
    .addOption(new Option('--qr', 'draw a QR code to scan with the Telegram app').conflicts('phone'))
    .action(async ({ group: id, phone, qr }: AccountOptions) => {
      const parts = commandParts();
      const { login } = await import('./cli/login.js');
      const byPhone = { kind: 'phone', ...(phone === undefined ? {} : { phone }) } as const;
      print(await login(parts, qr === true ? { kind: 'qr' } : byPhone, id));
    });
}

/** Help that was asked for is no failure; help that is shown because a command is missing is one. */
function tell(error: unknown): void {
  const told = error instanceof CommanderError ? usageError(error) : error;
  if (told !== undefined) tellAndExit(told);
  else process.exitCode = error instanceof CommanderError && error.exitCode !== 0 ? 2 : 0;
}

tellOfTheUncaught();
program().parseAsync().catch(tell);
