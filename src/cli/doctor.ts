/** `doctor`: one line per check on stderr, each that fails or should be acted on with its way out. */

import { deskTokensOf, type DeskToken } from '../app/desk-tokens.js';
import { machineFindings, mongoFindings, redisFindings } from '../checks/before-start.js';
import { fatal, fine, type Finding } from '../checks/finding.js';
import { lookAtHttp } from '../checks/http.js';
import { lookAtStore, type StoreLook } from '../checks/store.js';
import { judgeTelegramClock } from '../checks/telegram.js';
import { asGatewayError, type ErrorCode, type GatewayError } from '../domain/errors.js';
import { markedId, type Peer } from '../domain/ids.js';
import { joinEmbeddedStore } from '../embedded/index.js';
import { createKeyRing } from '../runtime/keyring.js';
import { openDatabase } from './database.js';
import { visitAsDesk, type DeskVisit } from './desk-visit.js';
import type { CommandParts } from './parts.js';

export interface Diagnosis {
  readonly healthy: boolean;
  /** How many checks were made. */
  readonly checks: number;
  readonly failed: readonly ErrorCode[];
  /** What runs but should be acted on, by the names that a start logs. */
  readonly warnings: readonly string[];
}

/** Runs every check that can be made and tells it. Answers the diagnosis and the first failure's exit code. */
export async function doctor(parts: CommandParts): Promise<{ diagnosis: Diagnosis; exit: number }> {
  const failures: GatewayError[] = [];
  const warnings: string[] = [];
  let checks = 0;
  const tell: Tell = (finding) => {
    checks += 1;
    if (finding.level === 'fatal') failures.push(finding.error);
    if (finding.level === 'warning') warnings.push(finding.event);
    process.stderr.write(`${lineOf(finding)}\n`);
  };
  await lookAtServers(tell, parts);
  const groups = failures.some(({ code }) => code === 'MONGODB_UNREACHABLE')
    ? []
    : await lookAtDatabase(tell, parts);
  for (const desk of deskTokensOf(parts.settings.secrets)) await lookAsDesk(tell, parts, desk, groups);
  return {
    diagnosis: { healthy: failures.length === 0, checks, failed: failures.map(({ code }) => code), warnings },
    exit: failures[0]?.meaning.exit ?? 0,
  };
}

type Tell = (finding: Finding) => void;

const marks = { fine: '✓', warning: '!', fatal: '✗' } as const;

function lineOf(finding: Finding): string {
  const line = finding.level === 'fatal' ? finding.error.message : finding.line;
  return `${marks[finding.level]} ${finding.name}: ${line}`;
}

/** A look that throws has found one thing: that. */
async function look(tell: Tell, name: string, findings: () => Promise<readonly Finding[]>): Promise<void> {
  const found = await findings().catch((error: unknown) => [fatal(name, asGatewayError(error))]);
  for (const finding of found) tell(finding);
}

async function lookAtServers(tell: Tell, parts: CommandParts): Promise<void> {
  const { config, secrets } = parts.settings;
  await look(tell, 'data directory', () => machineFindings(parts));
  const gatewayRuns =
    config.store.kind === 'mongodb' || (await joinEmbeddedStore(config.dataDir)) !== undefined;
  await look(tell, 'HTTP', async () => [await lookAtHttp(config.http, gatewayRuns)]);
  await look(tell, 'MongoDB', () => mongoFindings(parts));
  if (secrets.redisUrl === undefined) tell(fine('queue', 'in memory'));
  else await look(tell, 'Redis', () => redisFindings(parts));
}

async function lookAtDatabase(tell: Tell, { settings }: CommandParts): Promise<readonly Peer[]> {
  let groups: StoreLook['groups'] = [];
  await look(tell, 'store', async () => {
    const database = await openDatabase(settings, 'join');
    try {
      const keyring = createKeyRing(settings.secrets.keys);
      const seen = await lookAtStore(database, settings.config.store.kind, keyring);
      groups = seen.groups;
      return seen.findings;
    } finally {
      await database.close();
    }
  });
  return groups;
}

/** One visit: the bot itself, its clock, then each group as it sees it. */
async function lookAsDesk(
  tell: Tell,
  parts: CommandParts,
  desk: DeskToken,
  groups: readonly Peer[],
): Promise<void> {
  const visit = async (seen: DeskVisit): Promise<void> => {
    tell(fine('Telegram', `knows ${seen.name}`));
    await look(tell, 'Telegram clock', async () => [
      judgeTelegramClock(await seen.aheadMs(() => parts.clock.now())),
    ]);
    for (const group of groups) {
      const name = `group ${markedId(group)}`;
      const mayOpen = async () => `${seen.name} may open topics in "${await seen.checkGroup(group)}"`;
      await look(tell, name, async () => [fine(name, await mayOpen())]);
    }
  };
  await look(tell, 'Telegram', async () => {
    await visitAsDesk(parts, desk, visit);
    return [];
  });
}
