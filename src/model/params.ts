/** A terminal's size in character cells, each 1…65535. */
export interface TerminalSize {
  /** Lines, 1…65535. */
  readonly rows: number;
  /** Columns, 1…65535. */
  readonly cols: number;
}

/** A terminal's size when nobody asked for another. */
export const DEFAULT_SIZE: TerminalSize = { rows: 24, cols: 80 };

/** How a child's environment follows from the executor's own. All members are required on the wire. */
export interface EnvPolicy {
  /** What to start from: everything, the core names only, or nothing. */
  readonly inherit: 'all' | 'core' | 'none';
  /** Keep inherited names that look like keys, secrets or tokens. */
  readonly ignoreDefaultExcludes: boolean;
  /** Wildcard patterns of inherited names to drop. */
  readonly exclude: readonly string[];
  /** Variables to add after the exclusions. */
  readonly set: Readonly<Record<string, string>>;
  /** If not empty: wildcard patterns of the only names to keep, those of `set` included. */
  readonly includeOnly: readonly string[];
}

/** What a command may do, in plain terms. Everything may be read but what is denied. */
export interface SandboxPolicy {
  /** `workspace-write`: may write in the workspace roots, the writable roots, `/tmp` and `TMPDIR`. */
  readonly mode: 'read-only' | 'workspace-write';
  /** Absolute paths; at least one with `workspace-write`. Relative `deny` patterns count in each. */
  readonly workspaceRoots?: readonly string[] | undefined;
  /** Absolute paths; only with `workspace-write`. */
  readonly writableRoots?: readonly string[] | undefined;
  /** Whether the host's network may be used; default false. */
  readonly network?: boolean | undefined;
  /**
   * What can be neither read nor written: absolute paths and patterns, or patterns relative to the workspace roots, such
   * as `**\/*.env`. In a pattern `*` and `?` are within one name, `**` is any number of folders, `[a-z]` and `{a,b}` are
   * choices. Files that match and are made while the command runs are not covered.
   */
  readonly deny?: readonly string[] | undefined;
}

/** Why a start elsewhere is refused with a sandbox. */
export const NOT_ELSEWHERE = 'a process on another machine cannot be put into a sandbox from here';

/** What a working folder has to be: told where it is not. */
export const CWD_RULE = 'cwd must be an absolute path or a file: URL';

/** What to start, in terms of the machine that will run it. */
export interface ExecParams {
  /** Chosen by the caller; unique among its processes that are still known. */
  readonly processId: string;
  /** Program and arguments; at least one entry. No shell is involved unless it is named here. */
  readonly argv: readonly string[];
  /** Absolute path as the executor writes it, or a `file:` URL. */
  readonly cwd: string;
  /** The whole environment, or with `envPolicy` what is laid over its result. */
  readonly env: Readonly<Record<string, string>>;
  /** How the environment follows from the executor's own. */
  readonly envPolicy?: EnvPolicy | undefined;
  /** A terminal instead of pipes. */
  readonly tty: boolean;
  /** With pipes: a writable stdin instead of the null device. */
  readonly pipeStdin: boolean;
  /** argv[0] as the program sees it. */
  readonly arg0?: string | undefined;
  /** The terminal's size, 24 × 80 when absent; servers that cannot set it leave it at that. */
  readonly size?: TerminalSize | undefined;
  /**
   * What the process may do, enforced by the system; where that is not possible it is not started. On this machine only:
   * a start elsewhere is refused with it.
   */
  readonly sandbox?: SandboxPolicy | undefined;
}

/** What became of a write to a process's stdin. */
export type WriteStatus = 'accepted' | 'unknownProcess' | 'stdinClosed' | 'starting';

/** Why what agents type waits: a person has the keyboard, or a prompt that hides what is typed is for a person. */
export type Hold = 'person' | 'secret';

/** What became of input. */
export interface WriteResponse {
  /** `accepted`, or why nothing was written; `stdinClosed` without a stdin and after the exit. */
  readonly status: WriteStatus;
  /** Accepted, but it waits: a person has the keyboard there, or is to answer a prompt that hides what is typed. */
  readonly held?: Hold;
}
