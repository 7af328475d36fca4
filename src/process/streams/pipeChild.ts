import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Child, ChildSink, StdinPipe } from '../child';
import type { Launched, Launcher, LaunchSpec } from '../spawn/launcher';
import type { Libc } from '../native/libc';
import { launchByNode } from '../spawn/nodeLauncher';
import type { BufferPool } from './bufferPool';
import { PipeReader } from './pipeReader';
import { PipeWriter } from './pipeWriter';
import { SpawnError } from '../errors';
import type { OutputStream, SpawnSpec } from '../types';

interface Source {
  readonly stream: OutputStream;
  readonly from: number | Readable;
}

/** The descriptors of one pipe: this side's and the child's. */
interface Ends {
  readonly ours: number;
  readonly theirs: number;
}

/** Whether a child's stderr can be the same pipe as its stdout. */
export function canMergeStderr(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'linux';
}

/**
 * Starts a program on real pipes. Node's own are socket pairs, and on Linux a child cannot open those again,
 * so `echo x > /dev/stderr` fails. Rejects with a SpawnError.
 */
export async function startPipeChild(
  spec: LaunchSpec,
  libc: Libc,
  launcher: Launcher,
  pool: BufferPool,
): Promise<Child> {
  const pipes: Ends[] = [];
  const open = (reader: keyof Ends): Ends => {
    const { readFd, writeFd } = libc.pipe();
    const ends = reader === 'ours' ? { ours: readFd, theirs: writeFd } : { ours: writeFd, theirs: readFd };
    pipes.push(ends);
    return ends;
  };
  try {
    const out = open('ours');
    const err = spec.mergeStderr ? undefined : open('ours');
    const stdin = spec.pipeStdin ? open('theirs') : undefined;
    const launched = await launcher.launch(spec, [
      stdin?.theirs ?? 'ignore',
      out.theirs,
      (err ?? out).theirs,
    ]);
    const writer = stdin && new Socket({ fd: stdin.ours, readable: false, writable: true });
    return new PipeChild(
      launched,
      [{ stream: 'stdout', from: out.ours }, ...(err ? [{ stream: 'stderr' as const, from: err.ours }] : [])],
      writer && new PipeWriter(writer),
      pool,
    );
  } catch (error) {
    pipes.forEach(({ ours }) => libc.close(ours));
    throw error;
  } finally {
    pipes.forEach(({ theirs }) => libc.close(theirs));
  }
}

/** On Node's own socket pairs (macOS, where they can be opened again) or named pipes (Windows). */
export async function startSocketChild(spec: SpawnSpec, pool: BufferPool): Promise<Child> {
  const launched = await launchByNode(spec, [spec.pipeStdin ? 'pipe' : 'ignore', 'pipe', 'pipe']);
  const { stdin, stdout, stderr } = launched.child;
  if (!stdout || !stderr) throw new SpawnError('no pipes for the output');
  return new PipeChild(
    launched,
    [
      { stream: 'stdout', from: stdout },
      { stream: 'stderr', from: stderr },
    ],
    stdin ? new PipeWriter(stdin) : undefined,
    pool,
  );
}

class PipeChild implements Child {
  readonly pid: number;
  readonly start: number | undefined;
  readonly mark: number;
  readonly #readers: PipeReader[] = [];
  #open: number;

  constructor(
    private readonly launched: Launched,
    private readonly sources: readonly Source[],
    readonly stdin: StdinPipe | undefined,
    private readonly pool: BufferPool,
  ) {
    this.pid = launched.pid;
    this.start = launched.start;
    this.mark = launched.mark;
    this.#open = sources.length;
  }

  begin(sink: ChildSink): void {
    void this.launched.exit.then((exit) => {
      for (const reader of this.#readers) reader.childExited();
      sink.exited(exit);
    });
    for (const { stream, from } of this.sources) {
      const reader = new PipeReader(
        from,
        this.pool,
        (chunk) => sink.output(stream, chunk),
        () => {
          if (--this.#open === 0) sink.streamsEnded();
        },
      );
      this.#readers.push(reader);
      reader.resume();
    }
  }

  pause(): void {
    for (const reader of this.#readers) reader.pause();
  }

  resume(): void {
    for (const reader of this.#readers) reader.resume();
  }

  closeStreams(): void {
    for (const reader of this.#readers) reader.cut();
  }
}
