import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hostMark } from '../observe/newborn';
import { thisMachine } from '../observe/thisMachine';

/** A process that starts others, as its ledger tells it to those who come after it. */
export interface HostIdentity {
  readonly pid: number;
  readonly start: number;
  /** The first of the marks that it gives; 0 where the system has none. */
  readonly firstMark: number;
}

/**
 * This process.
 *
 * @throws Error if the system does not show it
 */
export function thisHost(): HostIdentity {
  const info = thisMachine().lookup.one(process.pid);
  if (!info) throw new Error('this process is not among those that the system shows');
  return { pid: process.pid, start: info.start, firstMark: hostMark() };
}

export function hostLives({ pid, start }: HostIdentity): boolean {
  const { lookup } = thisMachine();
  const info = lookup.one(pid);
  return info !== undefined && !info.zombie && lookup.sameStart(info.start, start);
}

/** Within it a pid means one process: folders may be shared by machines, and by containers of one machine. */
export function pidScope(): string {
  const facts = [hostname()];
  if (process.platform === 'linux') {
    facts.push(readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'), readlinkSync('/proc/self/ns/pid'));
  }
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 16);
}
