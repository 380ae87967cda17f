/** What README.md and docs/operations.md tell people to type and to probe. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './compose-file.js';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/** A Deployment, as far as it is looked at. */
export interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly containers: readonly {
          readonly args?: readonly string[];
          readonly env: readonly { readonly name: string }[];
          readonly startupProbe: Probe;
          readonly livenessProbe: Probe;
          readonly readinessProbe: Probe;
        }[];
      };
    };
  };
}

const pages = ['README.md', 'docs/operations.md'].map((path) => readFileSync(join(root, path), 'utf8'));

/** The one YAML example in the documents. */
export function deploymentOfThePages(): Deployment {
  const block = /```yaml\n(.*?)```/s.exec(pages.join('\n'))?.[1] ?? '';
  return parse(block) as Deployment;
}

/** The paths that its probes ask. */
export function probesOfThePages(): string[] {
  const [container] = deploymentOfThePages().spec.template.spec.containers;
  if (container === undefined) return [];
  const { startupProbe, livenessProbe, readinessProbe } = container;
  return [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path);
}

/** The words after `node dist/cli.js`, each once. */
export function commandsOfThePages(): string[] {
  return [
    ...new Set([...pages.join('\n').matchAll(/node dist\/cli\.js ([a-z]+)/g)].map(([, word = '']) => word)),
  ];
}

/** The blocks of commands in docs/operations.md that touch files only: those without Docker and npm. */
export function fileBlocksOfThePages(): string[] {
  const blocks = (pages[1] ?? '').match(/(?:^(?: {4}.*|)\n)+/gm) ?? [];
  return blocks
    .map((block) => block.replaceAll(/^ {4}/gm, '').trim())
    .filter((block) => block !== '' && !/\b(docker|npm)\b/.test(block));
}
