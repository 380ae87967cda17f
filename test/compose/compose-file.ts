/** docker-compose.yml as Compose reads it: anchors merged, variables put in. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

export interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly stop_grace_period: string;
  readonly restart: string;
  /** Whatever else is said about it. */
  readonly [key: string]: unknown;
}

export const root = join(import.meta.dirname, '../..');

/** Throws where the file asks for a variable (`${NAME:?why}`) that is not given. */
export function readCompose(variables: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const put = (_key: unknown, value: unknown): unknown =>
    typeof value === 'string' ? interpolate(value, variables) : value;
  return parse(text, put, { merge: true }) as ComposeFile;
}

/** `${NAME}`, `${NAME:-else}` and `${NAME:?why}`. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind = '', rest = '') => {
    const given = variables[name] ?? '';
    if (given === '' && kind === '?') throw new Error(`${name}: ${String(rest)}`);
    return given === '' && kind === '-' ? String(rest) : given;
  });
}

/** The gateways by name. */
export function gatewaysOf({ services }: ComposeFile): Record<string, ComposeService> {
  return Object.fromEntries(Object.entries(services).filter(([name]) => name.startsWith('gateway-')));
}

export function serviceOf({ services }: ComposeFile, name: string): ComposeService {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** `30s` → 30. */
export function secondsOf(duration: string): number {
  return Number(/^(\d+)s$/.exec(duration)?.[1]);
}
