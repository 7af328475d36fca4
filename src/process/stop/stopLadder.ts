import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessTree } from './processTree';
import type { Rung, StopOptions, Survivor } from '../types';

const RUNGS: readonly Rung[] = ['interrupt', 'terminate', 'kill'];
/** From one rung to the next where nobody says otherwise, in ms. */
export const DEFAULT_GRACE_MS = 2000;
/** The part of the grace after which a terminal is hung up. */
const HANG_UP_AFTER = 0.25;
/** How long a killed process may take to go, in ms: the kernel finishes what it is doing for it first. */
const KILL_WAIT_MS = 1000;
/** Pauses between looks, in ms, doubled from the first to the last. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 160;
/** How soon the leader's exit is noticed, in ms. */
const TICK_MS = 5;

/** What the ladder works on. */
export interface LadderTarget {
  readonly tree: ProcessTree;
  /** Whether the leader's exit was seen. */
  exited(): boolean;
  /** Called before the signals of each rung go out. */
  reached(rung: Rung): void;
  /** Called after each look with what lives. */
  progress?(left: readonly Survivor[], rung: Rung): void;
}

/** The rungs of one stop, mildest first; empty if `to` is milder than `from`. */
export function rungsOf({ from, to = 'kill' }: Pick<StopOptions, 'from' | 'to'>): readonly Rung[] {
  return RUNGS.slice(RUNGS.indexOf(from), RUNGS.indexOf(to) + 1);
}

/**
 * The one way in which processes are stopped: rung by rung, `graceMs` apart, as far as needed, the whole
 * tree each time. The first rung's signals are sent before this returns. Resolves with what is left.
 */
export async function escalate(target: LadderTarget, options: StopOptions): Promise<Survivor[]> {
  const graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
  for (const rung of rungsOf(options)) {
    target.reached(rung);
    // What goes at once was asked too.
    target.tree.signal(rung, graceMs, target.progress && ((asked) => target.progress?.(asked, rung)));
    if (rung === 'terminate') {
      // An interactive shell ignores SIGTERM, and ends when its terminal does; others may take their time.
      if (await gone(target, graceMs * HANG_UP_AFTER, rung)) return [];
      target.tree.hangUp();
      if (await gone(target, graceMs * (1 - HANG_UP_AFTER), rung)) return [];
    } else if (await gone(target, rung === 'kill' ? KILL_WAIT_MS : graceMs, rung)) return [];
  }
  return target.tree.alive();
}

/** Waits until nothing lives, at most `waitMs`; what turns up meanwhile gets the rung's signal too. */
async function gone(target: LadderTarget, waitMs: number, rung: Rung): Promise<boolean> {
  const end = performance.now() + waitMs;
  let pauseMs = FIRST_LOOK_MS;
  let nextLook = performance.now();
  let looked = false;
  for (;;) {
    await sleep(Math.max(0, Math.min(TICK_MS, end - performance.now())));
    const now = performance.now();
    // While the leader lives the others do not matter yet, once all have been asked.
    if ((!looked || rung === 'kill' || target.exited()) && (now >= nextLook || now >= end)) {
      looked = true;
      await target.tree.search(rung);
      const left = target.tree.alive();
      target.progress?.(left, rung);
      if (target.exited() && left.length === 0) return true;
      if (rung === 'kill') target.tree.signal('kill');
      pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS);
      nextLook = performance.now() + pauseMs;
    }
    if (now >= end) return false;
  }
}
