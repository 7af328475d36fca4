import { thisMachine } from './thisMachine';

/** When the process with this pid started, in the platform's own unit; undefined if there is none. POSIX only. */
export function identityOf(pid: number): number | undefined {
  const info = thisMachine().lookup.one(pid);
  return info && !info.zombie ? info.start : undefined;
}

/** Whether the process that had this pid at this start runs still, and the pid is not another's. POSIX only. */
export function livesOn(pid: number, start: number): boolean {
  const now = identityOf(pid);
  return now !== undefined && thisMachine().lookup.sameStart(now, start);
}
