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
  const isSet = new Set(Object.keys(env));
  for (const [name, value] of Object.entries(parseEnv(text)))
    if (!isSet.has(otherForm(name))) env[name] ??= value;
}

/** A secret may be given as a file by NAME_FILE: either form that is set stands against both. */
function otherForm(name: string): string {
  return name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : `${name}_FILE`;
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

/** What stands before a value, and a value in quotes, which may go over several lines. */
const name = /^\s*(?:export\s+)?[A-Za-z_]\w*[ \t]*=/;
const quoted = new RegExp(`(${name.source})[ \\t]*(["'\`])[^]*?\\2`, 'gm');

/** Node takes no offence at such a line and silently loses the one behind it as well. */
function refuseOtherLines(file: string, text: string): void {
  const lines = text.replaceAll(
    quoted,
    (all, before: string) => before + all.slice(before.length).replaceAll(/[^\n]/g, ''),
  );
  const wrong = lines.split('\n').findIndex((line) => !/^\s*(#|$)/.test(line) && !name.test(line));
  if (wrong < 0) return;
  throw new GatewayError(
    'CONFIG_INVALID',
    `Line ${wrong + 1} of the file ${file} cannot be read; write NAME=value, for example TELEGRAM_API_ID=1234567.`,
  );
}
