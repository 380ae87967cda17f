/** How the server finds what a command asks for. */

import type { Db, Document } from 'mongodb';
import type { SentCommand } from './observed.js';

export interface Explained {
  /** `find deliveries lane,open`: the command, its collection and what it filters by. */
  readonly shape: string;
  /** Names of the plan's stages, outermost first. */
  readonly stages: readonly string[];
  readonly documentsExamined: number;
  readonly returned: number;
}

/** One answer for each query in the command: an insert has none, an update one per statement. */
export async function explain(db: Db, sent: SentCommand): Promise<Explained[]> {
  return Promise.all(
    queriesOf(sent).map(async (query) => {
      const answer = await db.command({ explain: query.command, verbosity: 'executionStats' });
      const { queryPlanner, executionStats } = headOf(answer);
      return {
        shape: `${sent.name} ${sent.collection} ${pathsOf(query.filter)}`,
        stages: stagesOf(queryPlanner['winningPlan'] as Document),
        documentsExamined: Number(executionStats['totalDocsExamined']),
        returned: Number(executionStats['nReturned']),
      };
    }),
  );
}

/** A pipeline that is more than a find has the find's plan in its first stage. */
function headOf(answer: Document): { queryPlanner: Document; executionStats: Document } {
  const [first] = (answer['stages'] ?? []) as Document[];
  return (first?.['$cursor'] ?? answer) as { queryPlanner: Document; executionStats: Document };
}

/** The same for the commands that are no queries. */
export function shapesOf(sent: SentCommand): string[] {
  const queries = queriesOf(sent);
  if (queries.length === 0) return [`${sent.name} ${sent.collection}`];
  return queries.map(({ filter }) => `${sent.name} ${sent.collection} ${pathsOf(filter)}`);
}

interface Query {
  readonly command: Document;
  readonly filter: Document;
}

function queriesOf({ name, command }: SentCommand): Query[] {
  switch (name) {
    case 'find':
      return [{ command, filter: command['filter'] as Document }];
    case 'findAndModify':
      return [{ command, filter: command['query'] as Document }];
    case 'update':
      return (command['updates'] as Document[]).map((one) => ({
        command: { update: command['update'] as string, updates: [one] },
        filter: one['q'] as Document,
      }));
    case 'delete':
      return (command['deletes'] as Document[]).map((one) => ({
        command: { delete: command['delete'] as string, deletes: [one] },
        filter: one['q'] as Document,
      }));
    case 'aggregate':
      return [{ command, filter: (command['pipeline'] as Document[])[0]?.['$match'] as Document }];
    default:
      return [];
  }
}

function pathsOf(filter: Document): string {
  return Object.keys(filter).toSorted().join();
}

/** Through `inputStage` and `inputStages`, and the one level more that newer servers put around a plan. */
function stagesOf(plan: Document): string[] {
  const inner = plan['queryPlan'] as Document | undefined;
  if (inner !== undefined) return stagesOf(inner);
  const below = [plan['inputStage'], ...((plan['inputStages'] as Document[] | undefined) ?? [])];
  return [
    String(plan['stage']),
    ...below.flatMap((one) => (one === undefined ? [] : stagesOf(one as Document))),
  ];
}
