import type { AgentState } from './agentFiles';

/** What was so when an agent was connected, or tested last. */
export interface Remembered {
  /** Undefined where its program was not found. */
  readonly version?: string | undefined;
  /** The change that a person was told of. */
  readonly told?: string | undefined;
}

/** By the ids of agents. */
export type Memory = Readonly<Record<string, Remembered>>;

/** Something that others did to an agent since it was connected. */
export type AgentChange =
  /** Its file does not hold what Connect has written. */
  | { readonly kind: 'file' }
  /** It is another version: whether it still obeys its file, nobody has seen yet. */
  | { readonly kind: 'version'; readonly from: string; readonly to: string };

/** Undefined where nothing has changed, or nothing is remembered. */
export function changeOf(
  { status, version }: Pick<AgentState, 'status' | 'version'>,
  remembered: Remembered | undefined,
): AgentChange | undefined {
  if (!remembered) return undefined;
  if (status !== 'connected') return { kind: 'file' };
  const { version: from } = remembered;
  return from === undefined || version === undefined || from === version
    ? undefined
    : { kind: 'version', from, to: version };
}

/** The agents that have changed and of which nobody was told, and what is to be remembered then. */
export function news(
  states: readonly AgentState[],
  memory: Memory,
): { readonly changes: readonly (readonly [AgentState, AgentChange])[]; readonly memory: Memory } {
  const next: Record<string, Remembered> = {};
  const changes: (readonly [AgentState, AgentChange])[] = [];
  for (const state of states) {
    const remembered = memory[state.id];
    const change = changeOf(state, remembered);
    const told = change && JSON.stringify(change);
    if (change && told !== remembered?.told) changes.push([state, change]);
    // One that was connected elsewhere, as on the command line, is remembered from now on.
    if (remembered || state.status === 'connected')
      next[state.id] = { version: remembered?.version ?? state.version, told };
  }
  return { changes, memory: next };
}
