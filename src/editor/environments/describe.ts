import { formatDuration } from '../text/amounts';

/** How an environment stands; `local` is always ready. */
export type EnvironmentState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting' | 'lost';

/** What a row needs to know of an environment. */
export interface EnvironmentFacts {
  readonly kind: 'local' | 'url' | 'command';
  readonly state: EnvironmentState;
  /** Round trip in ms, if it was measured. */
  readonly latencyMs: number | undefined;
  readonly shell: string | undefined;
  readonly os: string | undefined;
  readonly running: number;
}

/** The words of the rows, so that they can be translated. */
export interface EnvironmentWords {
  readonly state: Readonly<Record<EnvironmentState, string>>;
  running(count: number): string;
}

/** `connected · 2 running · 12 ms · bash · linux`: what matters most first, for a narrow side bar cuts off the rest. */
export function environmentDescription(facts: EnvironmentFacts, words: EnvironmentWords): string {
  const { kind, state, latencyMs, shell, os, running } = facts;
  const live = kind === 'local' || state === 'connected' || state === 'reconnecting';
  return [
    kind === 'local' ? undefined : words.state[state],
    running > 0 ? words.running(running) : undefined,
    live && latencyMs !== undefined ? formatLatency(latencyMs) : undefined,
    ...(live ? [shell, os] : []),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `0.4 ms`, `12 ms`, `1 s`. */
export function formatLatency(ms: number): string {
  if (ms >= 1000) return formatDuration(ms);
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/**
 * The grammar that `when` clauses in package.json match against:
 *
 *     environment.local
 *     environment.(url|command).(disconnected|connecting|connected|reconnecting|lost)
 *     environment.faulty
 */
export function environmentContext({ kind, state }: Pick<EnvironmentFacts, 'kind' | 'state'>): string {
  return kind === 'local' ? 'environment.local' : `environment.${kind}.${state}`;
}

/** The `contextValue` of an entry that can't be used. */
export const FAULTY_CONTEXT = 'environment.faulty';

/** Icon and colour of a row; its text says the same, so colour is never the only sign. */
export const STATE_ICONS: Readonly<
  Record<EnvironmentState, readonly [icon: string, color: string | undefined]>
> = {
  disconnected: ['circle-outline', undefined],
  connecting: ['loading~spin', undefined],
  connected: ['vm-active', 'charts.green'],
  reconnecting: ['sync', 'charts.yellow'],
  lost: ['debug-disconnect', 'charts.red'],
};
