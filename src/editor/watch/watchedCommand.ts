import type * as vscode from 'vscode';
import type { ChildSink, ProcessTree, ShownChildHandle } from '../../environment';

/** What a terminal still says after a command has ended is waited for so long, in ms. */
const LAST_WORDS_MS = 1000;
const INTERRUPT_KEY = '\x03';

/**
 * A command in somebody else's terminal as a row of the table. It is only watched: all that can be done to it is the key
 * that interrupts, and it goes on when this process ends.
 */
export class WatchedCommand implements ShownChildHandle {
  readonly stdin = undefined;
  readonly resizable = false;
  readonly startedAt = Date.now();
  /** The pid of the terminal's shell, 0 where the editor does not know it; to be read when `ready`. */
  pid = 0;
  readonly ready: Promise<void>;
  readonly tree: ProcessTree;
  private readonly output: AsyncIterable<string>;
  private sink: ChildSink | undefined;
  private ended: { readonly exitCode: number | undefined } | undefined;
  private toldEnd = false;
  private finished = false;

  /** To be made in the turn in which the command began, so that none of its output is missed. */
  constructor(
    private readonly terminal: Pick<vscode.Terminal, 'sendText' | 'processId'>,
    private readonly execution: Pick<vscode.TerminalShellExecution, 'read' | 'commandLine'>,
  ) {
    this.output = execution.read();
    this.ready = Promise.resolve(terminal.processId).then((pid) => void (this.pid = pid ?? 0));
    this.tree = {
      signal: () => this.press(),
      search: () => Promise.resolve(),
      leaderExited: () => undefined,
      killGroup: () => Promise.resolve(),
      hangUp: () => undefined,
      alive: () => (this.ended ? [] : [{ pid: this.pid, command: this.execution.commandLine.value }]),
      groupAlive: () => false,
    };
  }

  begin(sink: ChildSink): void {
    this.sink = sink;
    void this.follow(sink);
    if (this.ended) this.tellEnd();
  }

  /** The terminal says that it has ended, or is gone. Only the first call counts. */
  end(exitCode: number | undefined): void {
    if (this.ended) return;
    this.ended = { exitCode };
    this.tellEnd();
  }

  pause(): void {
    // The terminal reads on in any case.
  }

  resume(): void {
    // The terminal has never paused.
  }

  closeStreams(): void {
    this.finish();
  }

  interrupt(): Promise<void> {
    this.press();
    return Promise.resolve();
  }

  resize(): Promise<void> {
    return Promise.reject(new Error('Its terminal is somebody else’s.'));
  }

  private press(): void {
    if (!this.ended) this.terminal.sendText(INTERRUPT_KEY, false);
  }

  private async follow(sink: ChildSink): Promise<void> {
    try {
      for await (const text of this.output) if (!this.finished) sink.output('pty', Buffer.from(text));
    } catch {
      // The terminal is gone, which is told by its end.
    }
    if (this.ended) this.finish();
  }

  private tellEnd(): void {
    if (!this.sink || !this.ended || this.toldEnd) return;
    this.toldEnd = true;
    const { exitCode } = this.ended;
    // Output may still be on its way here; the exit is told at once all the same.
    this.sink.exited({ code: exitCode ?? null, signal: null, untold: exitCode === undefined });
    setTimeout(() => this.finish(), LAST_WORDS_MS).unref();
  }

  private finish(): void {
    if (this.finished || !this.sink) return;
    this.finished = true;
    this.sink.streamsEnded();
  }
}
