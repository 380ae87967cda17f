/** The child's half of a bench process: answers questions over IPC, and says what it has cost so far. */

export type Ops = Readonly<Record<string, (argument: never) => unknown>>;

export interface Question {
  readonly id: number;
  readonly op: string;
  readonly argument: unknown;
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a process has used. CPU counts every thread, garbage collection and the system's part included. */
export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** Answers each op by its function, and `usage` by itself. Ends with its parent. */
export function serve(ops: Ops): void {
  process.on('message', (message: Question) => void answer({ usage, ...ops }, message));
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

/** Microseconds of CPU since the process began. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** `collect` frees first what is garbage already (needs --expose-gc), so that two readings can be compared. */
function usage({ collect }: { readonly collect: boolean }): Usage {
  if (collect) globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuUs: cpuUs(), rssBytes: rss, heapBytes: heapUsed };
}

async function answer(ops: Ops, { id, op, argument }: Question): Promise<void> {
  let reply: Reply;
  try {
    const act = ops[op] as ((argument: unknown) => unknown) | undefined;
    if (act === undefined) throw new Error(`no op ${op}`);
    reply = { id, value: await act(argument) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(reply);
}
