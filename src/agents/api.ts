// What other extensions get: these types are published, and stand alone.

/** What the extension's `activate()` resolves with: `extension.exports`. */
export interface ExecServerExports {
  /**
   * The API of a version. A version is only added to; what would break it gets a new number.
   *
   * @throws Error for a version that this extension does not have, naming those it has
   */
  getApi(version: 1): ExecServerApi;
}

/** Commands that a person sees live in the editor, for extensions in the same extension host. */
export interface ExecServerApi {
  /** The version of this API. */
  readonly version: 1;
  /** The tools for models, each with a JSON Schema of its arguments. */
  readonly tools: readonly ToolDescription[];
  /** How agents connect. Rejects while the server is off. It opens a shell: treat it like a password. */
  getConnection(): Promise<ConnectionDetails>;
  /** Starts a command. Rejects with a sentence that names the argument, the program or the folder. */
  start(options: StartOptions): Promise<Started>;
  /** Output after a cursor, waiting for news if asked to. Rejects for a process that is not listed any more. */
  read(options: ReadOptions): Promise<Output>;
  /** Types into a command that has a terminal or a stdin. Rejects for a process that is not listed any more. */
  write(options: WriteOptions): Promise<Written>;
  /**
   * Ends a command and all that it started: asks, and forces 2 s later. Resolves when all have ended, or cannot be ended.
   * Rejects for a process that is not listed any more.
   */
  terminate(options: TerminateOptions): Promise<Terminated>;
  /** The commands of all agents and extensions, oldest first. */
  list(): Promise<{ readonly processes: readonly ProcessDescription[] }>;
  /** Calls a tool for a model. Arguments that are wrong are answered in words; rejects for wrong options only. */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolAnswer>;
  /** Calls `listener` after a command was started, has changed or was removed. */
  onDidChangeProcesses(listener: () => void): { dispose(): void };
}

/** A tool, as a model is told of it. */
export interface ToolDescription {
  /** What `callTool` takes. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For the model: what it does, and when to use it. */
  readonly description: string;
  /** The JSON schema of its arguments, draft 7. */
  readonly inputSchema: object;
}

/** What to hand back to the model. */
export interface ToolAnswer {
  /** Goes back to the model as it is. */
  readonly text: string;
  /** Whether the text says what to do instead. */
  readonly isError: boolean;
}

/** Who calls a tool. */
export interface CallOptions {
  /** Who started it, as the row says, up to 100 characters; each name has commands of its own. "Extension" when absent. */
  readonly clientName?: string;
  /** Interrupts the command when aborted. */
  readonly signal?: AbortSignal;
}

/** What to run: `argv` as it is, or `command` by a shell. */
export interface StartOptions {
  /** The program and its arguments, at least one entry, 2 MiB at most in all. */
  readonly argv?: readonly string[];
  /** A command line in the words of the machine's shell, 2 MiB at most. */
  readonly command?: string;
  /** Absolute; the workspace's folder when absent. */
  readonly cwd?: string;
  /** Laid over the environment of the machine that runs it, 2 Mi characters at most in all. */
  readonly env?: Readonly<Record<string, string>>;
  /** A terminal instead of pipes; false when absent. */
  readonly tty?: boolean;
  /** With pipes, a stdin that can be written to; false when absent. */
  readonly pipeStdin?: boolean;
  /** What it may do; the setting `execServer.defaultSandbox` counts when absent. On this machine only. */
  readonly sandbox?: SandboxPolicy;
  /** The id of an attached machine; this one when absent. */
  readonly environment?: string;
  /** Who started it, as the row says, up to 100 characters; "Extension" when absent. */
  readonly clientName?: string;
}

/** What a command may do. Everything may be read but what is denied; where that cannot be enforced, nothing runs. */
export interface SandboxPolicy {
  /** `workspace-write`: may write in the workspace roots, the writable roots, `/tmp` and `TMPDIR`. */
  readonly mode: 'read-only' | 'workspace-write';
  /** Absolute paths; at least one with `workspace-write`. Relative `deny` patterns count in each. */
  readonly workspaceRoots?: readonly string[];
  /** Absolute paths; only with `workspace-write`. */
  readonly writableRoots?: readonly string[];
  /** Whether the host's network may be used; false when absent. */
  readonly network?: boolean;
  /** What can be neither read nor written: absolute paths, or patterns such as `*.env` with any folders before it. */
  readonly deny?: readonly string[];
}

/** A command that was started. */
export interface Started {
  /** Unique in this window, whoever started it. */
  readonly processId: string;
  /** Null on another machine. */
  readonly pid: number | null;
}

/** What to read, and how long to wait for it. */
export interface ReadOptions {
  /** What `start` or `list` gave. */
  readonly processId: string;
  /** The number of what was read last, `nextSeq - 1`; 0 when absent. */
  readonly afterSeq?: number;
  /** From 1 byte to 64 MiB; the first chunk is whole, even if it is larger. Without a bound when absent. */
  readonly maxBytes?: number;
  /** How long to wait for output, the end or a change of `needsInput`, in ms, up to 60000; 0 when absent. */
  readonly waitMs?: number;
}

/** A piece of output. */
export interface OutputPiece {
  /** Its number among the events of its process, from 1. */
  readonly seq: number;
  /** `pty` for a command with a terminal. */
  readonly stream: 'stdout' | 'stderr' | 'pty';
  /** The bytes as they were written, in base64. */
  readonly chunk: string;
  /** The chunk decoded as UTF-8, for those who only want to look. */
  readonly text: string;
}

/** What a read found. */
export interface Output {
  /** In order; empty when there is nothing new. */
  readonly chunks: readonly OutputPiece[];
  /** `nextSeq - 1` is the next `afterSeq`. */
  readonly nextSeq: number;
  /** Whether the process itself has ended; output may follow until `closed`. */
  readonly exited: boolean;
  /** 0 to 255, 128+N after signal N, -1 if nobody knows; null while it runs. */
  readonly exitCode: number | null;
  /** Exited, and all its output is there. */
  readonly closed: boolean;
  /** Bytes between the cursor and the first chunk that are not kept any more. */
  readonly droppedBytes: number;
  /** What a human has to type for it to go on; null if nobody is needed. */
  readonly needsInput: NeededInput | null;
}

/** What a process waits for; known half a second after its output has gone quiet. */
export interface NeededInput {
  /** `secret`: what is typed is not shown. */
  readonly kind: 'input' | 'secret';
  /** What the process wrote last, as one line of 200 characters at most; may be empty. Untrusted text. */
  readonly question: string;
}

/** What to type: `data` or `dataBase64`, up to 8 MiB, or just the end of the input. */
export interface WriteOptions {
  /** What `start` or `list` gave. */
  readonly processId: string;
  /** Text, sent as UTF-8. */
  readonly data?: string;
  /** Bytes, in base64 with padding. */
  readonly dataBase64?: string;
  /** Ends the input afterwards; false when absent. */
  readonly closeStdin?: boolean;
}

/** What became of a write. */
export interface Written {
  /** `stdinClosed` without a stdin and after the exit. The others are of machines that do not know the process (yet). */
  readonly status: 'accepted' | 'stdinClosed' | 'unknownProcess' | 'starting';
  /** Accepted, but it waits: a person has the keyboard, or is to answer a prompt that hides what is typed. */
  readonly held?: 'person' | 'secret';
}

/** What to end. */
export interface TerminateOptions {
  /** What `start` or `list` gave. */
  readonly processId: string;
  /** Forces at once; false when absent. */
  readonly force?: boolean;
}

/** What became of a command that was to end. */
export interface Terminated {
  /** Whether it still ran. */
  readonly running: boolean;
  /** What outlived even that; the pid is null on another machine. */
  readonly survivors: readonly { readonly pid: number | null; readonly command: string }[];
}

/** A command of any agent or extension. */
export interface ProcessDescription {
  /** Unique in this window, whoever started it. */
  readonly processId: string;
  /** Null on another machine, and for what never ran. */
  readonly pid: number | null;
  /** Null for this machine. */
  readonly environment: string | null;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** The folder that it was started in. */
  readonly cwd: string;
  /** Whether it has a terminal. */
  readonly tty: boolean;
  /** `lost`: nobody saw how it ended, as when its machine is gone. `unstarted`: it never ran, see `noStart`. */
  readonly state: 'running' | 'exited' | 'killed' | 'lost' | 'unstarted';
  /** 0 to 255, 128+N after signal N, -1 if nobody knows; null while it runs, and for what never ran. */
  readonly exitCode: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; null while it runs. */
  readonly endedAt: number | null;
  /** What a human has to type for it to go on; null if nobody is needed. */
  readonly needsInput: NeededInput | null;
  /** Why it never ran; null if it did. */
  readonly noStart: NoStart | null;
  /** Who started it. */
  readonly client: { readonly id: string; readonly name: string };
  /** Bytes of output so far. */
  readonly totalBytes: number;
  /** Bytes of output that are not kept any more. */
  readonly droppedBytes: number;
}

/** Why a start came to nothing. */
export interface NoStart {
  /** `sandbox` and `network`: what it asked for cannot be enforced here. */
  readonly why: 'sandbox' | 'network' | 'failed';
  /** Whole sentences, or the system's words. */
  readonly reason: string;
  /** What a person can do about it: whole sentences, commands between backticks. Absent where nobody knows. */
  readonly remedy?: string;
}

/** Everything a client needs to come in. The token opens a shell: treat all of it like a password. */
export interface ConnectionDetails {
  /** With the token in its path, for clients that can send no header. */
  readonly url: string;
  /** Without the token. */
  readonly baseUrl: string;
  /** Goes into the header `Authorization`, after `Bearer `. */
  readonly token: string;
  /** The headers of a request to `baseUrl`. */
  readonly headers: { readonly Authorization: string };
  /** For the environment of a client. */
  readonly env: { readonly CODEX_EXEC_SERVER_URL: string; readonly NO_PROXY: string };
  /** A whole `environments.toml` for `CODEX_HOME`. */
  readonly environmentsToml: string;
}
