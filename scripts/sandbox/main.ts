/** `npm run sandbox`: the whole gateway against a local Telegram, with people to play. `--check` plays a story and tells whether it was right. */

import { parseArgs } from 'node:util';
import { check } from './check.js';
import { servePage } from './page.js';
import { openStage, type Stage } from './stage.js';

const usage =
  'npm run sandbox -- [--check | --port N] [--limits]\n' +
  '  --check   play the scripted story without a browser; exit code 0 only if everything is right\n' +
  '  --port    port of the page on 127.0.0.1 (default: any free one)\n' +
  "  --limits  with Telegram's limits on a bot's posts (default: without)\n";

interface Flags {
  readonly check: boolean;
  readonly limits: boolean;
  readonly port: number;
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(flags: Flags): Promise<void> {
  const began = Date.now();
  let close: Stage['close'] = async () => undefined;
  const interrupted = (): void => void close(false).finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const stage = await openStage({ limits: flags.limits, onOpen: (closing) => (close = closing) }, tell);
    const right = flags.check ? await check(stage, tell) : await servePage(stage, flags.port, tell);
    await close(!right);
    if (right) tell(`\n✓ Everything is right (${seconds(began)} s).`);
    else tell(`\n✗ Something is wrong (${seconds(began)} s). Logs and data are kept in ${stage.directory}`);
    process.exitCode = right ? 0 : 1;
  } catch (error) {
    await close(true);
    tell(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function seconds(began: number): number {
  return Math.round((Date.now() - began) / 1000);
}

function readFlags(): Flags | undefined {
  try {
    const { values } = parseArgs({
      options: {
        check: { type: 'boolean', default: false },
        limits: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
    return { check: values.check, limits: values.limits, port };
  } catch {
    return undefined;
  }
}

const flags = readFlags();
if (flags === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  await main(flags);
}
