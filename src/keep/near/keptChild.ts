import {
  RemoteTree,
  type ChildExit,
  type ChildSink,
  type KeptFacts,
  type Look,
  type OutputStream,
  type ShownChildHandle,
  type StdinPipe,
  type TerminalSize,
  type Waiting,
} from '../../environment';
import type { RowEnd, RowFacts, RowState } from '../messages';
import { KeptKeyboard, type AskRow } from './keptKeyboard';

/** What the server of a kept process can do is known: it is of the same code. Its ports are those of this machine. */
const CAN = (capability: string): boolean => capability !== 'processPorts';

/** Everything is typed by way of the keyboard. */
const NO_PIPE: StdinPipe = {
  write: () => Promise.resolve(false),
  end: () => Promise.resolve(false),
  destroy: () => undefined,
};

/** A process that a server keeps, as a row of this window: it goes on when the window ends. */
export class KeptChild implements ShownChildHandle {
  readonly pid: number;
  readonly startedAt: number;
  readonly resizable: boolean;
  readonly stdin: StdinPipe | undefined;
  readonly tree: RemoteTree;
  readonly kept: KeptFacts;
  private readonly keyboard: KeptKeyboard;
  private sink: ChildSink | undefined;
  /** What came before `begin`. */
  private early: ((sink: ChildSink) => void)[] = [];
  private waiting: Waiting | null;
  private stopping = false;
  private ended = false;

  /**
   * @param pid its number, which the row tells too unless it never ran
   * @param ask asks the server about it
   * @param holdBack has the server wait with everything
   */
  constructor(
    row: RowFacts,
    pid: number,
    private readonly ask: AskRow,
    private readonly holdBack: (held: boolean) => void,
  ) {
    const { startedAt, resizable, hasStdin, sandbox, sizes, state, spec } = row;
    this.pid = pid;
    this.startedAt = startedAt;
    this.resizable = resizable;
    this.stdin = hasStdin ? NO_PIPE : undefined;
    this.waiting = state.waiting;
    this.keyboard = new KeptKeyboard(state.keyboard, ask);
    this.kept = { keyboard: this.keyboard, sandbox, sizes };
    this.tree = new RemoteTree(spec.argv, null, CAN, () => (this.stopping = true));
    this.tree.started({
      pid,
      signal: () => this.interrupt(),
      sendSignal: async (signal, of) =>
        (await ask({ verb: 'signal', signal, ...(of === undefined ? {} : { pid: of }) })) === true,
      terminate: async (stop) => {
        await ask({ verb: 'terminate', graceMs: stop?.graceMs });
        return true;
      },
      look: async (ports) => (await ask({ verb: 'look', ports })) as Look,
    });
  }

  begin(sink: ChildSink): void {
    // Whoever starts it has to get it first.
    queueMicrotask(() => {
      sink.waiting(this.waiting);
      this.sink = sink;
      for (const tell of this.early.splice(0)) tell(sink);
    });
  }

  pause(): void {
    if (!this.ended) this.holdBack(true);
  }

  resume(): void {
    this.holdBack(false);
  }

  closeStreams(): void {
    this.resume();
  }

  async resize({ rows, cols }: TerminalSize): Promise<void> {
    await this.ask({ verb: 'resize', rows, cols });
  }

  async interrupt(): Promise<void> {
    await this.ask({ verb: 'interrupt' });
  }

  output(stream: OutputStream, chunk: Buffer): void {
    this.tell((sink) => sink.output(stream, chunk));
  }

  dropped(seq: number, bytes: number): void {
    this.tell((sink) => sink.dropped(seq, bytes));
  }

  state({ keyboard, waiting }: RowState): void {
    this.keyboard.told(keyboard);
    this.waiting = waiting;
    this.sink?.waiting(waiting);
  }

  exited(end: RowEnd): void {
    this.tell((sink) => sink.exited(exitOf(end)));
  }

  /** Nothing follows. */
  closed(): void {
    this.tree.ended();
    this.ended = true;
    this.resume();
    this.tell((sink) => {
      if (!this.stopping) return sink.streamsEnded();
      // Whoever stopped it is told at its end what is left; the first look may have been under way before the end.
      void this.tree
        .search()
        .then(() => this.tree.search())
        .then(() => sink.streamsEnded());
    });
  }

  /** The server is gone, and what it kept with it. */
  lost(problem: string): void {
    if (this.ended) return;
    this.tree.ended();
    this.ended = true;
    this.tell((sink) => sink.lost(problem));
  }

  private tell(how: (sink: ChildSink) => void): void {
    if (this.sink) how(this.sink);
    else this.early.push(how);
  }
}

function exitOf({ exitCode, signal, at, by, denied, problem }: RowEnd): ChildExit {
  const told = { at, by, denied };
  if (problem !== null) return { code: exitCode, signal, told, problem };
  return { code: exitCode, signal, told };
}
