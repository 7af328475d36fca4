/** Which standings are shown. */
export type Only = 'all' | 'running' | 'failed';

export interface Filter {
  /** Words that must all be there; empty for all. */
  readonly text: string;
  readonly only: Only;
}

/** What is looked at of a process. */
export interface Filtered {
  readonly closed: boolean;
  readonly state: string;
  readonly exitCode: number | null;
  readonly owner: { readonly name: string };
  readonly environmentId: string | null;
  readonly spec: { readonly argv: readonly string[]; readonly cwd: string };
}

/** Whether a row is shown: its command, folder, agent or environment has every word, whatever its case. */
export function passes(process: Filtered, { text, only }: Filter): boolean {
  if (only === 'running' && process.closed) return false;
  if (only === 'failed' && !hasFailed(process)) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const { spec, owner, environmentId } = process;
  const all = [...spec.argv, spec.cwd, owner.name, environmentId ?? ''].join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}

function hasFailed({ state, exitCode }: Filtered): boolean {
  return state === 'lost' || state === 'unstarted' || (state === 'exited' && exitCode !== 0);
}
