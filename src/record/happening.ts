import type { ProcessState, StopOptions } from '../environment';

/** Who did it. */
export interface Agent {
  readonly id: string;
  /** What it calls itself; untrusted text. */
  readonly name: string;
}

/** A command as the time-line tells it: neither what it read, nor what it wrote, nor its environment. */
export interface RanCommand {
  /** The row's id, which is unique in its window. */
  readonly row: string;
  /** Program and arguments, of a very long one the beginning. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Where it ran if not on this machine. */
  readonly environment?: string;
  /** What people were shown instead of its command line. */
  readonly label?: string;
}

/** What can happen. What a person did has no agent, or that of the command it was done to. */
export type Deed =
  | { readonly kind: 'opened'; readonly workspace?: string }
  | { readonly kind: 'closed' }
  /** To a server that is kept a window has come, or from it one has gone. */
  | { readonly kind: 'attached' | 'detached' }
  /** No window came to the kept server for so long that it has ended what ran. */
  | { readonly kind: 'idle'; readonly ms: number }
  /** A person has ended the kept server with all that ran. */
  | { readonly kind: 'endedAll' }
  /** A signal from outside has ended the kept server with all that ran. */
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'connected' | 'disconnected' | 'left'; readonly agent: Agent }
  | ({ readonly kind: 'ran'; readonly agent: Agent } & RanCommand)
  /** `failed` where nobody refused it: it could not be started. */
  | ({
      readonly kind: 'refused';
      readonly agent: Agent;
      readonly reason: string;
      readonly failed?: true;
    } & RanCommand)
  | ({ readonly kind: 'ended' } & Ended)
  | {
      readonly kind: 'typed';
      readonly row: string;
      readonly agent: Agent;
      readonly by: 'agent' | 'person';
      /** Absent where it was not to be seen. */
      readonly bytes?: number;
    }
  | { readonly kind: 'tookKeyboard' | 'gaveBack'; readonly row: string; readonly agent: Agent }
  | { readonly kind: 'read' | 'wrote' | 'removed'; readonly agent: Agent; readonly path: string }
  | { readonly kind: 'fetched'; readonly agent: Agent; readonly host: string; readonly method: string }
  /** Somebody who may not come in; `times` since it was told last. */
  | { readonly kind: 'turnedAway'; readonly status: number; readonly peer: string; readonly times: number }
  /** A person has cleared what had finished. */
  | { readonly kind: 'cleared' }
  /** So many lines are not here, because the disk was behind. */
  | { readonly kind: 'missing'; readonly lines: number };

/**
 * What makes a server end all that it runs: no window came back to a kept one, a person ended that or a signal did, or a
 * person stopped or restarted the server, or renewed its token.
 */
export type ServerEnd = 'idle' | 'endedAll' | 'signalled' | 'stopped' | 'restarted' | 'renewed';

export interface Ended {
  readonly row: string;
  readonly agent: Agent;
  readonly state: Exclude<ProcessState, 'running' | 'unstarted'>;
  readonly exitCode: number | null;
  readonly signal: number | null;
  /** Who asked for its end. */
  readonly by?: StopOptions['by'];
  /** Why the server ended all that it ran; absent where it went with its window. */
  readonly why?: ServerEnd;
  readonly ms: number;
  /** Its sandbox was why it failed. */
  readonly denied?: true;
  /** Why its end is not known. */
  readonly problem?: string;
}

/** One line of the time-line. */
export type Happening = Deed & {
  /** ISO 8601, to the millisecond. */
  readonly at: string;
  /** The window: each time that one opens it has another. */
  readonly window: string;
};
