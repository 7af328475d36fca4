import { identityOf, livesOn, shownTree } from '../../environment';
import type { ChildSink, ProcessTree, ShownChildHandle } from '../../environment';
import type { Announcement } from './announcement';
import { FileTail } from './fileTail';
import { readWhole } from './readWhole';
import { parseStatus } from './status';
import { MAX_SHOWN_BYTES } from './shellProgram';

/** How often a command that runs is looked at, in ms. */
const LOOK_MS = 200;
/** Looks for a file that its agent keeps, after the command's end: more may come of what it left in the background. */
const LAST_LOOKS = 3;

/** The longest that its shell notes of its jobs and its end. */
const MAX_NOTE_BYTES = 1024 * 1024;

const CUT = `What it wrote after the first ${MAX_SHOWN_BYTES / 1024 / 1024} MiB went to the agent alone.`;

const LEFT = 'Its agent was disconnected here. The command goes on.';

/** One stream of the command, and who copies it. */
interface Source {
  readonly stream: 'stdout' | 'stderr';
  readonly tail: FileTail;
  /** Undefined where the agent itself keeps the file. */
  readonly copier: number | undefined;
}

/**
 * A command that an agent runs itself, as a row of the table: its output as it was copied, its end as the system shows
 * it. Nothing here holds the command up, and it goes on when this process ends.
 */
export class ShownCommand implements ShownChildHandle {
  readonly stdin = undefined;
  readonly resizable = false;
  readonly pid: number;
  readonly tree: ProcessTree;
  private readonly start: number;
  private sink: ChildSink | undefined;
  private sources: readonly Source[] = [];
  private timer: NodeJS.Timeout | undefined;
  private paused = false;
  private exited = false;
  private closing = false;
  private looks = LAST_LOOKS;
  private looking: Promise<void> | undefined;

  private constructor(
    announcement: Announcement,
    private readonly base: string,
    readonly startedAt: number,
    private readonly done: () => void,
  ) {
    this.pid = announcement.pid;
    // One that nobody sees any more has ended.
    this.start = announcement.start ?? identityOf(announcement.pid) ?? 0;
    this.tree = shownTree(this.pid, this.start, () => this.sources.flatMap(({ copier }) => copier ?? []));
  }

  /**
   * @param base the announcement's path without its ending
   * @param done called when nothing more will come
   */
  static async open(
    announcement: Announcement,
    base: string,
    startedAt: number,
    done: () => void,
  ): Promise<ShownCommand> {
    const command = new ShownCommand(announcement, base, startedAt, done);
    const [out, err] = await Promise.all([copierOf(`${base}.out`), copierOf(`${base}.err`)]);
    command.sources = [
      { stream: 'stdout', tail: new FileTail(`${base}.out`), copier: out },
      ...(err === undefined
        ? []
        : [{ stream: 'stderr' as const, tail: new FileTail(`${base}.err`), copier: err }]),
    ];
    // Its name may be gone in a moment.
    await Promise.all(command.sources.map(({ tail }) => tail.open()));
    return command;
  }

  /** Whether the command runs. */
  get lives(): boolean {
    return livesOn(this.pid, this.start);
  }

  begin(sink: ChildSink): void {
    this.sink = sink;
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
    this.look();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.look();
  }

  closeStreams(): void {
    this.closing = true;
  }

  interrupt(): Promise<void> {
    this.tree.signal('interrupt');
    return Promise.resolve();
  }

  resize(): Promise<void> {
    return Promise.reject(new Error('Its terminal, if it has one, is the agent’s.'));
  }

  /** Looks for news soon. Looks never overlap. */
  look(): void {
    if (!this.sink || this.looking) return;
    this.looking = this.follow(this.sink).finally(() => (this.looking = undefined));
  }

  /** Looks no more; the command goes on. */
  async let(): Promise<void> {
    clearInterval(this.timer);
    this.sink = undefined;
    await this.looking;
    await Promise.all(this.sources.map(({ tail }) => tail.close()));
  }

  /** The row learns that nothing more will be known of the command, which goes on. */
  async leave(): Promise<void> {
    const { sink } = this;
    await this.let();
    sink?.lost(LEFT);
  }

  private async follow(sink: ChildSink): Promise<void> {
    // Asked before reading: what was written before the end is there then.
    const lives = this.lives;
    const copied = this.sources.filter(({ copier }) => copier !== undefined);
    const isCopied = copied.some(({ copier }) => copier !== undefined && identityOf(copier) !== undefined);
    for (const { stream, tail } of this.sources) {
      await tail.read(
        (chunk) => sink.output(stream, chunk),
        () => this.sink !== undefined && (!this.paused || !lives),
      );
    }
    if (!this.sink || lives) return;
    if (!this.exited) await this.end(sink);
    const isOver = copied.length > 0 ? !isCopied : --this.looks <= 0;
    if (isOver || this.closing) this.finish(sink);
  }

  private async end(sink: ChildSink): Promise<void> {
    this.exited = true;
    const text = await readWhole(`${this.base}.exit`, MAX_NOTE_BYTES);
    const code = parseStatus(text.toString('latin1'));
    const isCut = this.sources.some(
      ({ copier, tail }) => copier !== undefined && tail.bytes >= MAX_SHOWN_BYTES,
    );
    sink.exited({ code, signal: null, untold: code === null, ...(isCut ? { problem: CUT } : {}) });
  }

  private finish(sink: ChildSink): void {
    void this.let();
    sink.streamsEnded();
    this.done();
  }
}

/** The process that copies into this file, if one does. */
async function copierOf(path: string): Promise<number | undefined> {
  const text = (await readWhole(`${path}.pid`, MAX_NOTE_BYTES)).toString('latin1');
  return /^[1-9]\d*\s*$/.test(text) ? Number(text) : undefined;
}
