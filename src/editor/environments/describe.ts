import type { EnvironmentState } from '../../environment';
import { formatDuration } from '../text/amounts';

/** What a row needs to know of an environment. */
export interface EnvironmentViewModel {
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

/**
 * `connected · 2 running · bash · linux`: what matters most first, for a narrow side bar cuts off the rest. How fast it
 * answers is in the tooltip: it differs with each measuring, and a row that is drawn anew disturbs a person.
 */
export function environmentDescription(model: EnvironmentViewModel, words: EnvironmentWords): string {
  const { kind, state, shell, os, running } = model;
  const live = kind === 'local' || state === 'connected' || state === 'reconnecting';
  return [
    kind === 'local' ? undefined : words.state[state],
    running > 0 ? words.running(running) : undefined,
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
export function environmentContext({ kind, state }: Pick<EnvironmentViewModel, 'kind' | 'state'>): string {
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
  connected: ['vm-active', 'execServer.runningIcon'],
  reconnecting: ['sync', 'execServer.warningIcon'],
  lost: ['debug-disconnect', 'execServer.failedIcon'],
};
