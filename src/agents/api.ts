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
  readonly version: 1;
  /** The tools for models, each with a JSON Schema of its arguments. */
  readonly tools: readonly ToolDescription[];
  /** How agents connect. Rejects while the server is off. It opens a shell: treat it like a password. */
  getConnection(): Promise<Connection>;
  /** Starts a command. Rejects with a sentence that names the argument, the program or the folder. */
  start(options: StartOptions): Promise<Started>;
  /** Output after a cursor, waiting for news if asked to. */
  read(options: ReadOptions): Promise<Output>;
  /** Types into a command that has a terminal or a stdin. */
  write(options: WriteOptions): Promise<{
    readonly status: string;
    /** Accepted, but it waits: a person has the keyboard, or is to answer a prompt that hides what is typed. */
    readonly held?: 'person' | 'secret';
  }>;
  /** Ends a command and all that it started: asks, and forces 2 s later. */
  terminate(options: { readonly processId: string; readonly force?: boolean }): Promise<{
    /** Whether it still ran. */
    readonly running: boolean;
    /** What outlived even that. */
    readonly survivors: readonly { readonly pid: number | null; readonly command: string }[];
  }>;
  /** The commands of all agents and extensions, oldest first. */
  list(): Promise<{ readonly processes: readonly ProcessDescription[] }>;
  /** Calls a tool for a model. Arguments that are wrong are answered in words; rejects for wrong options only. */
  callTool(name: string, args: unknown, options?: CallOptions): Promise<ToolAnswer>;
  /** Calls `listener` after a command was started, has changed or was removed. */
  onDidChangeProcesses(listener: () => void): { dispose(): void };
}

/** A tool, as a model is told of it. */
export interface ToolDescription {
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly description: string;
  /** The JSON schema of its arguments, draft 7. */
  readonly inputSchema: object;
}

/** What to hand back to the model. */
export interface ToolAnswer {
  readonly text: string;
  /** Whether the text says what to do instead. */
  readonly isError: boolean;
}

export interface CallOptions {
  /** What the row says who started it; each name sees its own commands only. "Extension" when absent. */
  readonly clientName?: string;
  /** Interrupts the command when aborted. */
  readonly signal?: AbortSignal;
}

/** What to run: `argv` as it is, or `command` by a shell. */
export interface StartOptions {
  readonly argv?: readonly string[];
  readonly command?: string;
  /** Absolute; the workspace's folder when absent. */
  readonly cwd?: string;
  /** Laid over the host's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A terminal instead of pipes; false when absent. */
  readonly tty?: boolean;
  /** With pipes, a stdin that can be written to; false when absent. */
  readonly pipeStdin?: boolean;
  /** The id of an attached machine; this one when absent. */
  readonly environment?: string;
  /** What the row says who started it; "Extension" when absent. */
  readonly clientName?: string;
}

export interface Started {
  /** Unique in this window. */
  readonly processId: string;
  /** Null on another machine. */
  readonly pid: number | null;
}

export interface ReadOptions {
  readonly processId: string;
  /** The number of what was read last, `nextSeq - 1`; 0 when absent. */
  readonly afterSeq?: number;
  /** Up to 64 MiB. */
  readonly maxBytes?: number;
  /** How long to wait for news, up to 60000; 0 when absent. */
  readonly waitMs?: number;
}

export interface Output {
  readonly chunks: readonly {
    readonly seq: number;
    readonly stream: 'stdout' | 'stderr' | 'pty';
    /** Base64. */
    readonly chunk: string;
    /** The chunk decoded as UTF-8, for those who only want to look. */
    readonly text: string;
  }[];
  readonly nextSeq: number;
  readonly exited: boolean;
  /** 0 to 255, 128+N after signal N, -1 if nobody knows; null while it runs. */
  readonly exitCode: number | null;
  /** Exited, and all its output is there. */
  readonly closed: boolean;
  /** Output between the cursor and the first chunk that is not kept any more. */
  readonly droppedBytes: number;
}

/** Give `data` or `dataBase64`, up to 8 MiB. */
export interface WriteOptions {
  readonly processId: string;
  readonly data?: string;
  readonly dataBase64?: string;
  /** Ends the input afterwards. */
  readonly closeStdin?: boolean;
}

export interface ProcessDescription {
  readonly processId: string;
  readonly pid: number | null;
  /** Null for this machine. */
  readonly environment: string | null;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly tty: boolean;
  readonly state: 'running' | 'exited' | 'killed' | 'lost';
  readonly exitCode: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly client: { readonly id: string; readonly name: string };
  readonly totalBytes: number;
  readonly droppedBytes: number;
}

export interface Connection {
  /** With the token in its path, for clients that can send no header. */
  readonly url: string;
  readonly baseUrl: string;
  readonly token: string;
  readonly headers: { readonly Authorization: string };
  readonly env: { readonly CODEX_EXEC_SERVER_URL: string; readonly NO_PROXY: string };
  readonly environmentsToml: string;
}
