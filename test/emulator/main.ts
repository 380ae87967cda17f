import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Control } from './control/server.js';
import { createTelegram } from './telegram.js';

const USAGE = 2;

/** DC numbers in the order in which they are opened; accounts live in the first one. */
const DCS = [2, 4, 1, 3, 5] as const;

interface Flags {
  port: number;
  botApiPort: number;
  controlPort: number;
  dcs: readonly number[];
  world: string | undefined;
  /** `LAYER=FILE`, FILE in TL's text form. */
  schemas: { layer: number; text: string }[];
}

/** Said with the file's name: the parser's own words hold only a place in it. */
function requireJson(file: string | undefined): void {
  if (file === undefined) return;
  const text = readFileSync(file, 'utf8');
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${String(error)}`);
  }
}

/** A local Telegram as a process: prints one line of JSON when it serves, ends by SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { port, botApiPort, controlPort, dcs, world, schemas } = readFlags();
  requireJson(world);
  const telegram = createTelegram({
    port,
    botApiPort,
    dcs,
    onProblem: (problem) => process.stderr.write(`${problem}\n`),
    ...(world === undefined ? {} : { worldFile: world }),
  });
  for (const { layer, text } of schemas) telegram.server.addLayer(layer, text);
  const control = new Control(telegram);
  const directory = mkdtempSync(join(tmpdir(), 'local-telegram-'));
  const stop = async (): Promise<void> => {
    rmSync(directory, { recursive: true, force: true });
    await Promise.all([control.close(), telegram.close()]);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  const mtproto = await telegram.listen();
  await control.listen(controlPort);
  const publicKeyFile = join(directory, 'public-key.pem');
  writeFileSync(publicKeyFile, telegram.publicKeyPem);
  const line = { mtproto, publicKeyFile, botApiRoot: telegram.botApiRoot, control: control.root };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'bot-api-port': { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      dcs: { type: 'string', default: '1' },
      world: { type: 'string' },
      schema: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    port: number('port', values.port, 65_535),
    botApiPort: number('bot-api-port', values['bot-api-port'], 65_535),
    controlPort: number('control-port', values['control-port'], 65_535),
    dcs: DCS.slice(0, Math.max(1, number('dcs', values.dcs, DCS.length))),
    world: values.world,
    schemas: values.schema.map((given) => {
      const [, layer, file] = /^(\d+)=(.+)$/.exec(given) ?? [];
      if (!layer || !file) throw new Error(`--schema must be LAYER=FILE, not "${given}"`);
      return { layer: Number(layer), text: readFileSync(file, 'utf8') };
    }),
  };
}

function number(flag: string, text: string, max: number): number {
  if (!/^\d+$/.test(text) || Number(text) > max) throw new Error(`--${flag} must be a number up to ${max}`);
  return Number(text);
}

try {
  await main();
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  const [sentence = ''] = words.split('\n');
  process.stderr.write(`${sentence}\n`);
  process.exit(USAGE);
}
