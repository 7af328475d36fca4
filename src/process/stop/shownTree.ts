import { livesOn } from '../observe/identity';
import type { ProcessInfo } from '../observe/processLookup';
import { writersTo } from '../observe/procFiles';
import { thisMachine } from '../observe/thisMachine';
import { PosixTree } from './posixTree';
import type { ProcessTree } from './processTree';
import { DEFAULT_GRACE_MS } from './stopLadder';
import { send } from './treeOf';

/** Looks in a grace at whether what a leader waits for has gone. */
const LOOKS = 10;
/** After so many of them without it, a leader that is still there does not end by itself. */
const OWN_LOOKS = 4;
/** By then it is asked in any case, and has the rest of the grace. */
const LAST_LOOK = 7;

/**
 * The tree of a process that somebody else started here. Its parent may take a leader that a signal ends for one that
 * has never ended, so the others are asked first, and the leader only if it does not end by itself then. POSIX only.
 *
 * @param start of that process: a pid alone may be another's by now
 * @param copiers who read what it writes; when the leader has gone, whoever writes to them is what is left of it
 */
export function shownTree(pid: number, start: number, copiers: () => readonly number[]): ProcessTree {
  const { lookup, orphans } = thisMachine();
  const whole = new PosixTree([{ pid, start, tty: false }], { lookup, orphans, send });
  const takeLeft = (): void => {
    if (!livesOn(pid, start)) whole.take(writersTo(copiers()));
  };
  const terminate = (graceMs: number): void => {
    if (!livesOn(pid, start)) return whole.signal('terminate');
    const others = lookup.under(pid).filter(({ zombie }) => !zombie);
    for (const other of others) ask(other.pid, other.start);
    if (others.length === 0) return ask(pid, start);
    const askLater = (looks: number, own: number): void => {
      const look = (): void => {
        if (!livesOn(pid, start)) return;
        // One that has ended and was not collected yet counts: on a busy machine the leader may be slow to learn of it.
        const waits = lookup.under(pid).some((left) => others.some((other) => isSame(left, other)));
        const enough = waits ? 0 : own + 1;
        if (enough >= OWN_LOOKS || looks >= LAST_LOOK) ask(pid, start);
        else askLater(looks + 1, enough);
      };
      setTimeout(look, graceMs / LOOKS).unref();
    };
    askLater(1, 0);
  };
  const isSame = (one: ProcessInfo, other: ProcessInfo): boolean =>
    one.pid === other.pid && lookup.sameStart(one.start, other.start);
  return {
    search: (rung) => {
      takeLeft();
      return whole.search(rung === 'terminate' ? undefined : rung);
    },
    leaderExited: () => undefined,
    killGroup: () => whole.killGroup(),
    hangUp: () => undefined,
    alive: () => whole.alive(),
    groupAlive: () => false,
    signal: (rung, graceMs = DEFAULT_GRACE_MS, asked) => {
      takeLeft();
      if (rung !== 'terminate') return whole.signal(rung, graceMs, asked);
      asked?.(whole.members());
      terminate(graceMs);
    },
  };
}

function ask(pid: number, start: number): void {
  try {
    send(pid, 'SIGTERM', () => livesOn(pid, start));
  } catch {
    // Gone meanwhile, or not ours to stop: it will be named as a survivor.
  }
}
