import type { ChildSink, ForeignChild, StdinPipe } from '../process/child';
import type { Family } from '../process/family';
import type { Rung, TerminalSize } from '../process/types';
import type { ExecProcess } from './execBackend';

const CTRL_D = Uint8Array.of(0x04);

/** A process of another host as the table wants its children. Its events keep the numbers they have there. */
export class RemoteChild implements ForeignChild {
  readonly pid = null;
  readonly stdin: StdinPipe | undefined;
  readonly family: Family;
  readonly resize?: (size: TerminalSize) => void;
  #exited = false;
  #closed = false;
  #terminating = false;
  /** While it is paused: resolves when it goes on. */
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  /**
   * @param place where it runs, as people call it
   * @param name what survivors are called by
   */
  constructor(
    private readonly process: ExecProcess,
    readonly place: string,
    name: string,
    options: { readonly hasStdin: boolean; readonly tty: boolean; readonly resizable: boolean },
  ) {
    if (options.hasStdin) this.stdin = this.#stdin(options.tty);
    if (options.resizable) {
      this.resize = (size) => void process.resize(size).catch(() => undefined);
    }
    this.family = {
      // Who belongs to it is known there only.
      gather: () => undefined,
      signal: (rung) => this.#signal(rung),
      hangUp: () => undefined,
      alive: () => (this.#closed ? [] : [{ pid: null, command: `${name} (${place})` }]),
      groupLives: () => false,
    };
  }

  begin(sink: ChildSink): void {
    void this.#follow(sink);
  }

  pause(): void {
    if (this.#pause) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#pause = { over, end };
  }

  resume(): void {
    this.#pause?.end();
    this.#pause = undefined;
  }

  cut(): void {
    // After a kill the host over there ends the streams by itself.
    this.resume();
  }

  /** To `closed`, or to the words for why nobody knows how it goes on. */
  async #follow(sink: ChildSink): Promise<void> {
    let problem = 'its events ended before it did';
    try {
      for await (const event of this.process.subscribeEvents()) {
        await this.#pause?.over;
        if (event.type === 'output') sink.output(event.stream, ownBytes(event.chunk));
        else if (event.type === 'dropped') sink.dropped(event.seq, event.bytes);
        else if (event.type === 'exited') {
          this.#exited = true;
          sink.exited({ code: event.exitCode, signal: null });
        } else if (event.type === 'closed') {
          this.#closed = true;
          this.#letGo();
          sink.drained();
          return;
        } else problem = event.message;
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    this.#closed = true;
    this.#letGo();
    if (!this.#exited) sink.exited({ code: null, signal: null, problem });
    sink.drained();
  }

  #letGo(): void {
    this.process[Symbol.asyncDispose]().then(undefined, () => undefined);
  }

  #signal(rung: Rung): void {
    if (rung === 'interrupt') void this.process.signal('interrupt').catch(() => undefined);
    else void this.#terminate();
  }

  /** The protocol has one way to end a process; while that is under way the ladder asks in vain. */
  async #terminate(): Promise<void> {
    if (this.#terminating) return;
    this.#terminating = true;
    await this.process.terminate().catch(() => undefined);
    this.#terminating = false;
  }

  #stdin(tty: boolean): StdinPipe {
    const taken = (answer: Promise<{ readonly status: string }>): Promise<boolean> =>
      answer.then(
        ({ status }) => status === 'accepted',
        () => false,
      );
    return {
      write: (chunk) => taken(this.process.write(chunk)),
      end: () => taken(tty ? this.process.write(CTRL_D) : this.process.closeStdin()),
      destroy: () => undefined,
    };
  }
}

/** The same bytes as the Buffer that the log keeps. */
function ownBytes(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
