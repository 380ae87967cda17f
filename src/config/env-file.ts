import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { GatewayError } from '../domain/errors.js';

/**
 * Adds the variables of a file with lines like `NAME=value`, where there is one; what is set already stands, as with Node's
 * `--env-file`. Throws CONFIG_INVALID when it cannot be read or a line is something else; what stands there is never repeated.
 */
export function addEnvFile(env: Record<string, string | undefined>, file: string): void {
  const text = textOf(file)?.replace(/^\uFEFF/, '');
  if (text === undefined) return;
  refuseOtherLines(file, text);
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT') return undefined;
    throw new GatewayError(
      'CONFIG_INVALID',
      `The file ${file} cannot be read (${code}); make it a file that this user may read, for example with: chmod 600 ${file}.`,
    );
  }
}

/** Node takes no offence at such a line and silently loses the one behind it as well. */
function refuseOtherLines(file: string, text: string): void {
  // A value in quotes may go over several lines.
  const lines = text.replaceAll(/=[ \t]*(["'`])[^]*?\1/g, (quoted) => `=${quoted.replaceAll(/[^\n]/g, '')}`);
  const wrong = lines
    .split('\n')
    .findIndex((line) => !/^\s*(#.*|(export\s+)?[A-Za-z_]\w*\s*=.*)?$/.test(line));
  if (wrong < 0) return;
  throw new GatewayError(
    'CONFIG_INVALID',
    `Line ${wrong + 1} of the file ${file} cannot be read; write NAME=value, for example TELEGRAM_API_ID=1234567.`,
  );
}
