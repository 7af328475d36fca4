import { fullWords, shortWords } from '../sandbox';
import { isForeign, type AnyChild, type KeptFacts } from './child';
import { LoggedProcess } from './loggedProcess';
import type { OutputLog } from './output/outputLog';
import type { Confinement } from './sandbox/confinement';
import type { NoStart, ProcessIdentity, ProcessOwner } from './types';

/** Which process it is, and where: what never changes. */
export class ListedProcess extends LoggedProcess {
  readonly id: string;
  readonly clientProcessId: string;
  readonly owner: ProcessOwner;
  /** Why it never ran; null for one that did. */
  readonly noStart: NoStart | null;
  /** Null for a process that runs elsewhere, or never ran. */
  readonly pid: number | null;
  /** Its number where it runs elsewhere; null where that is not told, and for one of this machine. */
  readonly farPid: number | null;
  /** Where it runs, null for this machine. */
  readonly environmentId: string | null;
  /** The sandbox that it is in. */
  readonly confinement: Confinement | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether somebody else on this machine started it: it is shown, and outlives this process. */
  readonly shown: boolean;
  /** Set where a server of ours keeps it while windows come and go: that tells what happens to it. */
  readonly kept: KeptFacts | undefined;
  /** Whether a kept server owns this row, whether or not it ever ran. */
  readonly isKept: boolean;

  constructor(identity: ProcessIdentity, child: AnyChild, log: OutputLog) {
    super(log);
    this.id = identity.id;
    this.clientProcessId = identity.clientProcessId;
    this.owner = identity.owner;
    this.pid = child.pid;
    this.shown = 'startedAt' in child;
    this.kept = 'startedAt' in child ? child.kept : undefined;
    const triedAt = child.pid === null ? child.triedAt : undefined;
    this.startedAt = 'startedAt' in child ? child.startedAt : (triedAt ?? Date.now());
    this.isKept = this.kept !== undefined || triedAt !== undefined;
    this.noStart = (child.pid === null && child.noStart) || null;
    this.confinement = isForeign(child) ? undefined : child.confinement;
    this.farPid = child.pid === null ? child.farPid : null;
    this.environmentId = child.pid === null ? child.environmentId : null;
  }

  /** What enforces its sandbox; undefined without one. */
  get sandboxType(): Confinement['type'] | undefined {
    return this.confinement?.type;
  }

  /** What it may do, in words for people: `workspace-write · no network`; undefined without a sandbox. */
  get sandboxWords(): { readonly short: string; readonly full: readonly string[] } | undefined {
    const policy = this.confinement?.policy;
    return policy ? { short: shortWords(policy), full: fullWords(policy) } : this.kept?.sandbox;
  }
}
