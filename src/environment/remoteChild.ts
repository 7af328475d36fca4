import type { ExecServerClient, RemoteProcess } from '../client';
import type { ExecParams, ExecProcessEvent, Waiting, TerminalSize } from '../model';
import type { ChildSink, ProcessTree, RemoteChildHandle, StdinPipe } from '../process';
import { EventDeque } from './eventDeque';
import { RemoteTree } from './remoteTree';

const CTRL_D = Uint8Array.of(0x04);
/** Output that waits for a paused reader before the whole connection is held back, in bytes and in events. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_WAITING_EVENTS = 50_000;

/** A process of another host as the table wants its children. Its events keep the numbers they have there. */
export class RemoteChild implements RemoteChildHandle {
  readonly pid = null;
  readonly #tree: RemoteTree;
  readonly stdin: StdinPipe | undefined;
  /** What came before `begin`, or while a reader was paused. */
  readonly #waiting = new EventDeque();
  #process: RemoteProcess | undefined;
  #sink: ChildSink | undefined;
  #paused = false;
  #flowing = false;
  #heldBack = false;
  #exited = false;
  #stopping = false;
  /** Undefined where the host does not tell. */
  #needed: Waiting | null | undefined;

  private constructor(
    readonly environmentId: string,
    params: ExecParams,
    readonly resizable: boolean,
    can: ExecServerClient['can'],
  ) {
    if (params.tty || params.pipeStdin) this.stdin = this.#stdinOf(params.tty);
    this.#tree = new RemoteTree(params.argv, environmentId, can, () => {
      this.#stopping = true;
      this.resume();
    });
  }

  get farPid(): number | null {
    return this.#process?.pid ?? null;
  }

  get tree(): ProcessTree {
    return this.#tree;
  }

  /**
   * Starts a process on an exec-server. Rejects with the server's words, or with a DisconnectedError.
   *
   * @param environmentId where it runs, as people call it
   */
  static async start(
    client: ExecServerClient,
    params: ExecParams,
    environmentId: string,
  ): Promise<RemoteChild> {
    const resizable = params.tty && (await client.canResize());
    const can = client.can.bind(client);
    const child = new RemoteChild(environmentId, params, resizable, can);
    if (can('needsInput')) child.#needed = null;
    child.#process = await client.start(
      params,
      (event) => child.#take(event),
      (needed) => child.#need(needed),
    );
    child.#tree.started(child.#process);
    return child;
  }

  begin(sink: ChildSink): void {
    this.#sink = sink;
    // Whoever starts it has to get it first.
    if (this.#needed !== undefined) queueMicrotask(() => sink.waiting(this.#needed ?? null));
    this.#flow();
  }

  pause(): void {
    // A paused reader must not keep the end from being seen.
    this.#paused = !this.#stopping;
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  /** After a kill the host over there ends the streams by itself. */
  closeStreams(): void {
    this.resume();
  }

  async resize(size: TerminalSize): Promise<void> {
    await this.#process?.resize(size);
  }

  async interrupt(): Promise<void> {
    await this.#process?.signal('interrupt');
  }

  #need(needed: Waiting | null): void {
    this.#needed = needed;
    this.#sink?.waiting(needed);
  }

  #take(event: ExecProcessEvent): void {
    if (event.type === 'closed' || event.type === 'failed') this.#tree.ended();
    if (this.#sink && !this.#paused && this.#waiting.length === 0) return this.#deliver(this.#sink, event);
    this.#waiting.push(event);
    if (!this.#isFull) return;
    // Nobody who must not lose anything listens yet, and the answer to the start may be behind the output.
    if (this.#sink) this.#holdBack(true);
    else this.#waiting.dropOldest();
  }

  #flow(): void {
    const sink = this.#sink;
    if (!sink || this.#flowing) return;
    this.#flowing = true;
    while (!this.#paused) {
      const event = this.#waiting.shift();
      if (!event) break;
      this.#deliver(sink, event);
    }
    this.#flowing = false;
    if (this.#waiting.length === 0) this.#holdBack(false);
  }

  #deliver(sink: ChildSink, event: ExecProcessEvent): void {
    switch (event.type) {
      case 'output':
        // An empty one has a number too.
        if (event.chunk.length > 0) sink.output(event.stream, event.chunk);
        else sink.dropped(event.seq, 0);
        return;
      case 'dropped':
        return sink.dropped(event.seq, event.bytes);
      case 'exited':
        this.#exited = true;
        return sink.exited({ code: event.exitCode, signal: event.signal ?? null });
      case 'closed':
        // Only a server that breaks the protocol closes what has not exited.
        if (!this.#exited) sink.exited({ code: null, signal: null });
        return this.#close(sink);
      case 'failed':
        return sink.lost(event.message);
    }
  }

  /** Whoever stopped it is told at its end what is left. */
  #close(sink: ChildSink): void {
    if (!this.#stopping || !this.#tree.look) return sink.streamsEnded();
    void this.#tree.settle().then(() => sink.streamsEnded());
  }

  get #isFull(): boolean {
    return this.#waiting.bytes > MAX_WAITING_BYTES || this.#waiting.length > MAX_WAITING_EVENTS;
  }

  #holdBack(held: boolean): void {
    if (held === this.#heldBack) return;
    this.#heldBack = held;
    this.#process?.holdBack(held);
  }

  #stdinOf(tty: boolean): StdinPipe {
    const accepted = (status: string | undefined): boolean => status === 'accepted';
    const write = async (chunk: Uint8Array): Promise<boolean> => accepted(await this.#process?.write(chunk));
    return {
      write,
      end: async () => (tty ? write(CTRL_D) : accepted(await this.#process?.closeStdin())),
      destroy: () => undefined,
    };
  }
}
