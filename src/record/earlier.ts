import type { Ended, Happening, RanCommand } from './happening';

/** So many are listed. */
const MAX_ROWS = 200;

/** A command of an earlier window. */
export interface EarlierCommand extends RanCommand {
  readonly window: string;
  readonly agent: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Undefined where its window, or the server that kept it, ended without a word, and it with that. */
  readonly end: Ended | undefined;
  /** A server of its own kept it over reloads. */
  readonly kept: boolean;
}

/**
 * What ran in earlier windows and was not cleared since, the latest first.
 *
 * @param happenings oldest first
 * @param lives whether this window, or another one, still is there: what it runs is not history
 */
export function earlierCommands(
  happenings: readonly Happening[],
  lives: (window: string) => boolean,
): EarlierCommand[] {
  const rows = new Map<string, EarlierCommand>();
  const servers = new Set(
    happenings.flatMap(({ kind, window }) => (kind === 'attached' || kind === 'detached' ? [window] : [])),
  );
  for (const happening of happenings) {
    if (happening.kind === 'cleared') rows.clear();
    if (lives(happening.window)) continue;
    if (happening.kind === 'ran') {
      const { at, agent, window, row, argv, cwd, environment, label } = happening;
      rows.set(idOf(happening), {
        ...{ window, row, argv, cwd },
        ...(environment !== undefined && { environment }),
        ...(label !== undefined && { label }),
        agent: agent.name,
        startedAt: Date.parse(at),
        end: undefined,
        kept: servers.has(window),
      });
    } else if (happening.kind === 'ended') {
      const row = rows.get(idOf(happening));
      if (row) rows.set(idOf(happening), { ...row, end: happening });
    }
  }
  return [...rows.values()].reverse().slice(0, MAX_ROWS);
}

/**
 * Those that ended because their window, or the server that was kept, did without a word: as far as no window has told
 * it that came before this one.
 *
 * @param current the window that is to tell it
 */
export function endedByCrash(
  happenings: readonly Happening[],
  lives: (window: string) => boolean,
  current: string,
): EarlierCommand[] {
  const before = happenings.findLastIndex(
    ({ kind, window }) => window !== current && (kind === 'opened' || kind === 'attached'),
  );
  const untold = new Set(happenings.slice(Math.max(0, before)).map(({ window }) => window));
  return earlierCommands(happenings, lives).filter((row) => !row.end && untold.has(row.window));
}

function idOf({ window, row }: { readonly window: string; readonly row: string }): string {
  return `${window} ${row}`;
}
