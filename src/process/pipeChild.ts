import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Child, ChildSink, StdinPipe } from './child';
import type { Launched, Launcher } from './launcher';
import type { Libc } from './libc';
import { launchByNode } from './nodeLauncher';
import { PipeReader } from './pipeReader';
import { PipeStdin } from './pipeStdin';
import { SpawnError } from './spawnError';
import type { OutputStream, SpawnSpec } from './types';

interface Source {
  readonly stream: OutputStream;
  readonly from: number | Readable;
}

/** Of one pipe: the descriptors of this side and of the child's. */
interface Ends {
  readonly ours: number;
  readonly theirs: number;
}

/**
 * Starts a program on real pipes. Node's own are socket pairs, and on Linux a child cannot open those again,
 * so `echo x > /dev/stderr` fails. Rejects with a SpawnError.
 */
export async function startPipeChild(spec: SpawnSpec, libc: Libc, launcher: Launcher): Promise<Child> {
  const pipes: Ends[] = [];
  const open = (reader: keyof Ends): Ends => {
    const { readFd, writeFd } = libc.pipe();
    const ends = reader === 'ours' ? { ours: readFd, theirs: writeFd } : { ours: writeFd, theirs: readFd };
    pipes.push(ends);
    return ends;
  };
  try {
    const [out, err] = [open('ours'), open('ours')];
    const stdin = spec.pipeStdin ? open('theirs') : undefined;
    const launched = await launcher.launch(spec, [stdin?.theirs ?? 'ignore', out.theirs, err.theirs]);
    const writer = stdin && new Socket({ fd: stdin.ours, readable: false, writable: true });
    return new PipeChild(
      launched,
      [
        { stream: 'stdout', from: out.ours },
        { stream: 'stderr', from: err.ours },
      ],
      writer && new PipeStdin(writer),
    );
  } catch (error) {
    pipes.forEach(({ ours }) => libc.close(ours));
    throw error;
  } finally {
    pipes.forEach(({ theirs }) => libc.close(theirs));
  }
}

/** On Node's own socket pairs (macOS, where they can be opened again) or named pipes (Windows). */
export async function startSocketChild(spec: SpawnSpec): Promise<Child> {
  const launched = await launchByNode(spec, [spec.pipeStdin ? 'pipe' : 'ignore', 'pipe', 'pipe']);
  const { stdin, stdout, stderr } = launched.child;
  if (!stdout || !stderr) throw new SpawnError('no pipes for the output');
  return new PipeChild(
    launched,
    [
      { stream: 'stdout', from: stdout },
      { stream: 'stderr', from: stderr },
    ],
    stdin ? new PipeStdin(stdin) : undefined,
  );
}

class PipeChild implements Child {
  readonly pid: number;
  readonly #readers: PipeReader[] = [];
  #open: number;

  constructor(
    private readonly launched: Launched,
    private readonly sources: readonly Source[],
    readonly stdin: StdinPipe | undefined,
  ) {
    this.pid = launched.pid;
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
        (chunk) => sink.output(stream, chunk),
        () => {
          if (--this.#open === 0) sink.drained();
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

  cut(): void {
    for (const reader of this.#readers) reader.cut();
  }
}
