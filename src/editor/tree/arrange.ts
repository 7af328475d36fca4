/** What is needed of a process to find its place among the others of its client. */
export interface Arranged {
  readonly id: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Ended, and nothing it started holds its streams. */
  readonly closed: boolean;
  readonly state: string;
  readonly exitCode: number | null;
  /** How far the last stop has come. */
  readonly stopReport?: { readonly done: boolean; readonly left: readonly unknown[] } | null;
  /** Why it never ran. */
  readonly noStart?: { readonly why: string } | null;
  /** A human is needed. */
  readonly needsInput?: object | null;
  readonly spec: { readonly argv: readonly string[]; readonly cwd: string };
}

/** Runs of one short command that all had one result; the latest first, never empty. */
export type Repeats<P> = readonly [P, ...P[]];

export interface Arrangement<P> {
  /** What needs a human, then what runs, is lost or was refused just now; the oldest first: what starts later moves none of them. */
  readonly live: readonly P[];
  /** The rest, the latest first, with equal short ones as one. */
  readonly finished: readonly Repeats<P>[];
}

/** Longer ones are worth a row each, in ms. */
const SHORT_MS = 10_000;

/**
 * Which rows a client has, and in which order.
 *
 * @param stays true for what ended but shall stay where it is, because a person has it selected
 */
export function arrange<P extends Arranged>(
  processes: readonly P[],
  stays: (process: P) => boolean,
): Arrangement<P> {
  // What is lost wants somebody to reconnect.
  const refused = lastRefused(processes);
  const isShown = (process: P): boolean =>
    !process.closed || process.state === 'lost' || process === refused || survived(process) || stays(process);
  const live: P[] = [];
  const groups = new Map<string, [P, ...P[]]>();
  const byStart = [...processes].sort((a, b) => a.startedAt - b.startedAt);
  for (const process of byStart) if (isShown(process)) live.push(process);
  for (const process of byStart.reverse()) {
    if (!isShown(process)) {
      const group = groups.get(sameness(process));
      if (group) group.push(process);
      else groups.set(sameness(process), [process]);
    }
  }
  const needs = live.filter(({ needsInput }) => needsInput);
  const rest = live.filter(({ needsInput }) => !needsInput);
  return { live: [...needs, ...rest], finished: [...groups.values()] };
}

/** Something outlived its kill and wants to be ended, or that is being tried: meanwhile its row moves nowhere. */
function survived({ stopReport }: Arranged): boolean {
  return stopReport ? !stopReport.done || stopReport.left.length > 0 : false;
}

/** A refusal wants somebody to change how the agent runs, until something of it does run. */
function lastRefused<P extends Arranged>(processes: readonly P[]): P | undefined {
  const [last] = [...processes].sort((a, b) => b.startedAt - a.startedAt);
  return last?.noStart && last.noStart.why !== 'failed' ? last : undefined;
}

/** Equal for processes that are shown as one. */
function sameness({ id, startedAt, endedAt, state, exitCode, spec }: Arranged): string {
  if ((endedAt ?? startedAt) - startedAt >= SHORT_MS) return id;
  return JSON.stringify([state, exitCode, spec.cwd, spec.argv]);
}
