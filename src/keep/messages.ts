import type {
  Hold,
  NoStart,
  OutputStream,
  ProcessOwner,
  SizeChange,
  SpawnSpec,
  StopOptions,
  Waiting,
} from '../environment';
import type { Deed } from '../record';
import type { ClientInfo } from '../server';
import type { KeepSettings } from './settings';

/** Who types into a process, as one window sees it. */
export interface KeyboardFacts {
  readonly open: boolean;
  readonly written: boolean;
  readonly taken: boolean;
  /** By a person at another window that is there. */
  readonly elsewhere: boolean;
  readonly hold: Hold | null;
  readonly heldBytes: number | null;
  readonly hides: boolean;
  readonly echoes: boolean;
}

/** What changes of a row besides its output and its end. */
export interface RowState {
  readonly keyboard: KeyboardFacts;
  readonly waiting: Waiting | null;
}

/** A row as a window is told of it first. Variables stay where they are. */
export interface RowFacts {
  readonly key: string;
  readonly processId: string;
  readonly owner: ProcessOwner;
  /** Null for what never ran. */
  readonly pid: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly noStart: NoStart | null;
  readonly spec: Pick<
    SpawnSpec,
    'argv' | 'cwd' | 'tty' | 'pipeStdin' | 'arg0' | 'size' | 'label' | 'mergeStderr' | 'leavesQuestions'
  >;
  readonly hasStdin: boolean;
  readonly resizable: boolean;
  readonly sandbox: { readonly short: string; readonly full: readonly string[] } | undefined;
  readonly sizes: readonly SizeChange[];
  readonly state: RowState;
}

/** How a process ended. */
export interface RowEnd {
  readonly exitCode: number | null;
  /** The number of the signal. */
  readonly signal: number | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: StopOptions['by'] | null;
  readonly denied: boolean;
  /** It ended, and nobody knows how. */
  readonly problem: string | null;
}

/** The server as agents reach it. */
export interface Reached {
  readonly url: string;
  readonly token: string;
}

/** What comes of one row, in order. Output is the body of its message. */
export type ToldOfRow = { readonly key: string } & (
  | { readonly type: 'state'; readonly state: RowState }
  | { readonly type: 'output'; readonly stream: OutputStream }
  | { readonly type: 'dropped'; readonly seq: number; readonly bytes: number }
  | { readonly type: 'exited'; readonly end: RowEnd }
  /** Its streams have ended too. */
  | { readonly type: 'closed' }
  | { readonly type: 'removed' }
);

/** What a kept server tells a window, in order. */
export type Told =
  | ({ readonly type: 'welcome'; readonly window: string } & Reached)
  | ({ readonly type: 'reached' } & Reached)
  | { readonly type: 'clients'; readonly clients: readonly ClientInfo[] }
  | { readonly type: 'row'; readonly row: RowFacts }
  | ToldOfRow
  /** A person has ended it, or it has waited for long enough. */
  | { readonly type: 'ending'; readonly by: 'person' | 'signal' }
  | { readonly type: 'deed'; readonly deed: Deed }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly type: 'answer'; readonly id: number; readonly result?: unknown; readonly error?: string };

/** What is asked of one process. What is typed is the body of its message. */
export type RowVerb =
  /** `isSecret`: nobody is to know how much it is; where a prompt hides it, and nothing is said, it is. */
  | { readonly verb: 'type'; readonly isSecret?: boolean }
  | { readonly verb: 'reply' }
  | { readonly verb: 'write'; readonly writeId?: string }
  | { readonly verb: 'closeStdin'; readonly by: 'agent' | 'person' }
  | { readonly verb: 'takeOver' | 'giveBack' | 'borrow' | 'return' | 'interrupt' }
  | { readonly verb: 'terminate'; readonly graceMs?: number | undefined }
  | { readonly verb: 'signal'; readonly signal: NodeJS.Signals; readonly pid?: number }
  | { readonly verb: 'look'; readonly ports: boolean }
  | { readonly verb: 'resize'; readonly rows: number; readonly cols: number };

/** What is asked of the server itself. */
export type ServerVerb =
  | { readonly verb: 'keepClient' | 'endClient' | 'disconnectClient'; readonly client: string }
  | { readonly verb: 'renewToken' | 'clearFinished' | 'endEverything' }
  | { readonly verb: 'folders'; readonly folders: readonly string[] }
  | { readonly verb: 'settings'; readonly settings: KeepSettings };

/** What a window asks; each is answered. */
export type Asked = { readonly id: number } & ((RowVerb & { readonly key: string }) | ServerVerb);
