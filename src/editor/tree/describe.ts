import type { ProcessState } from '../../environment/index';
import type { DialectName } from '../../server/index';
import { formatDuration } from '../text/amounts';

/** What a row needs to know of a process. */
export interface ProcessFacts {
  readonly state: ProcessState;
  readonly exitCode: number | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly tty: boolean;
  readonly stdinOpen: boolean;
  /** Ended, and nothing it started holds its streams. */
  readonly closed: boolean;
  /** Someone has asked for its end, and it still runs. */
  readonly stopping: boolean;
  /** What its client spoke to start it; undefined for what did not come over the wire. */
  readonly dialect: string | undefined;
}

/** Goes without saying in a row. */
const USUAL_DIALECT: DialectName = 'exec-server';

/** How a process stands, in one word. */
export type Standing = 'running' | 'stopping' | 'ok' | 'failed' | 'killed' | 'lost';

/** The words of the rows, so that they can be translated. */
export interface RowWords {
  running(time: string): string;
  stopping(time: string): string;
  exit(code: number, time: string): string;
  killed(time: string): string;
  lost(): string;
  /** Ended, but something it started still holds its output. */
  held(description: string): string;
}

export function standing(facts: ProcessFacts): Standing {
  switch (facts.state) {
    case 'running':
      return facts.stopping ? 'stopping' : 'running';
    case 'exited':
      return facts.exitCode === 0 ? 'ok' : 'failed';
    case 'killed':
      return 'killed';
    case 'lost':
      return 'lost';
  }
}

/** Ended itself, but something it started still holds its output and can be stopped. */
export function isHeld(facts: ProcessFacts): boolean {
  return facts.state !== 'running' && !facts.closed;
}

/** `running 12 s`, `exit 1 · 3 s`, `killed · 3 s`, `lost`, and then its dialect, if that is not the usual one. */
export function rowDescription(facts: ProcessFacts, now: number, words: RowWords): string {
  const own = ownDescription(facts, now, words);
  const description = isHeld(facts) ? words.held(own) : own;
  return [description, ...unusual([facts.dialect])].join(' · ');
}

/** The dialects that are worth a word. */
export function unusual(dialects: readonly (string | undefined)[]): string[] {
  return dialects.flatMap((dialect = USUAL_DIALECT) => (dialect === USUAL_DIALECT ? [] : dialect));
}

function ownDescription(facts: ProcessFacts, now: number, words: RowWords): string {
  const time = formatDuration((facts.endedAt ?? now) - facts.startedAt);
  switch (standing(facts)) {
    case 'running':
      return words.running(time);
    case 'stopping':
      return words.stopping(time);
    case 'ok':
    case 'failed':
      return words.exit(facts.exitCode ?? 0, time);
    case 'killed':
      return words.killed(time);
    case 'lost':
      return words.lost();
  }
}

/**
 * The grammar that `when` clauses in package.json match against:
 *
 *     process.(running|stopping|ok|failed|killed|lost).(tty|pipe)[.stdin|.held][.away]
 *     client.(connected|disconnected)[.away][.busy]
 *
 * `stdin`: it can be typed into. `held`: see `isHeld`. `busy`: something of this client runs. `away`: its
 * environment is not connected.
 */
export function processContext(facts: ProcessFacts, away = false): string {
  const parts = ['process', standing(facts), facts.tty ? 'tty' : 'pipe'];
  if (facts.state === 'running' && facts.stdinOpen) parts.push('stdin');
  if (isHeld(facts)) parts.push('held');
  if (away) parts.push('away');
  return parts.join('.');
}

export function clientContext(connected: boolean, busy: boolean, away = false): string {
  const parts = ['client', connected ? 'connected' : 'disconnected'];
  if (away) parts.push('away');
  if (busy) parts.push('busy');
  return parts.join('.');
}

/** Icon and colour of a row; its text says the same, so colour is never the only sign. */
export const STANDING_ICONS: Readonly<Record<Standing, readonly [icon: string, color: string | undefined]>> =
  {
    running: ['debug-start', 'charts.green'],
    stopping: ['debug-pause', 'charts.yellow'],
    ok: ['pass', 'testing.iconPassed'],
    failed: ['error', 'testing.iconFailed'],
    killed: ['debug-stop', 'charts.orange'],
    lost: ['debug-disconnect', 'charts.yellow'],
  };

/** What people call the clients that name themselves for machines. */
const KNOWN_CLIENTS: ReadonlyMap<string, string> = new Map([['codex-environment', 'Codex']]);

export function clientLabel(name: string): string {
  return KNOWN_CLIENTS.get(name) ?? name;
}
