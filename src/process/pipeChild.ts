import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants, devNull } from 'node:os';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Child, ChildExit, ChildSink, StdinPipe } from './child';
import { openTerminals } from './openTerminals';
import { PipeReader } from './pipeReader';
import { PipeStdin } from './pipeStdin';
import { closePipe, type Pipe, type PipePool } from './pipes';
import { SpawnError, toSpawnError } from './spawnError';
import type { OutputStream, SpawnSpec } from './types';

interface Source {
  readonly stream: OutputStream;
  readonly socket: Readable;
  readonly fd: number | undefined;
}

/**
 * Starts a program on pipes, as the leader of its own session and process group, with no descriptors but
 * 0, 1 and 2. Rejects with a SpawnError.
 */
export async function startPipeChild(spec: SpawnSpec, pool: PipePool): Promise<Child> {
  const count = spec.pipeStdin ? 3 : 2;
  const pipes = await pool.take(count).catch((error: unknown) => {
    throw toSpawnError(error);
  });
  return pipes ? spawnOnPipes(spec, pipes) : spawnOnSockets(spec);
}

async function spawnOnPipes(spec: SpawnSpec, pipes: readonly Pipe[]): Promise<Child> {
  const [out, err, stdin] = pipes;
  if (!out || !err) throw new SpawnError('no pipes for the output');
  const childEnds = [out.writeFd, err.writeFd, ...(stdin ? [stdin.readFd] : [])];
  let process: ChildProcess;
  try {
    process = await spawnProcess(spec, [stdin?.readFd ?? 'ignore', out.writeFd, err.writeFd]);
  } catch (error) {
    pipes.forEach(closePipe);
    throw error;
  }
  childEnds.forEach((fd) => closeSync(fd));
  const source = (stream: OutputStream, fd: number): Source => {
    return { stream, fd, socket: new Socket({ fd, readable: true, writable: false }) };
  };
  const writer = stdin && new Socket({ fd: stdin.writeFd, readable: false, writable: true });
  return new PipeChild(
    process,
    [source('stdout', out.readFd), source('stderr', err.readFd)],
    writer && new PipeStdin(writer),
  );
}

/** Without FIFOs (Windows, or no `mkfifo`): Node's socket pairs or named pipes. `/dev/stderr` fails there. */
async function spawnOnSockets(spec: SpawnSpec): Promise<Child> {
  const process = await spawnProcess(spec, [spec.pipeStdin ? 'pipe' : 'ignore', 'pipe', 'pipe']);
  const { stdin, stdout, stderr } = process;
  if (!stdout || !stderr) throw new SpawnError('no pipes for the output');
  return new PipeChild(
    process,
    [
      { stream: 'stdout', socket: stdout, fd: undefined },
      { stream: 'stderr', socket: stderr, fd: undefined },
    ],
    stdin ? new PipeStdin(stdin) : undefined,
  );
}

function spawnProcess(spec: SpawnSpec, stdio: (number | 'ignore' | 'pipe')[]): Promise<ChildProcess> {
  const [file, ...args] = spec.argv;
  if (file === undefined || file === '') throw new SpawnError('missing program for pipe spawn');
  const windows = process.platform === 'win32';
  const covers = coverTerminals(stdio);
  try {
    const child = spawn(file, args, {
      argv0: spec.arg0 ?? file,
      cwd: spec.cwd,
      env: { ...spec.env },
      stdio: covers.stdio,
      // On POSIX: setsid. On Windows it would open a console window instead.
      detached: !windows,
      windowsHide: true,
    });
    return new Promise((resolve, reject) => {
      if (child.pid !== undefined) resolve(child);
      else child.once('error', (error) => reject(toSpawnError(error)));
      // Later ones (a kill that failed) are nobody's news.
      child.on('error', () => undefined);
    });
  } catch (error) {
    throw toSpawnError(error);
  } finally {
    covers.close();
  }
}

/**
 * node-pty opens a terminal's master without close-on-exec, and Node cannot set it afterwards. So that a
 * child cannot read and type in somebody else's terminal, it gets the null device in that place. (macOS
 * closes everything else by itself.)
 */
function coverTerminals(stdio: (number | 'ignore' | 'pipe')[]): { stdio: StdioOptions; close(): void } {
  if (openTerminals.size === 0 || process.platform !== 'linux') return { stdio, close: () => undefined };
  const nothing = openSync(devNull, 'r');
  const covered = [...stdio];
  for (let fd = covered.length; fd <= Math.max(...openTerminals); fd++) {
    covered.push(openTerminals.has(fd) ? nothing : 'ignore');
  }
  return { stdio: covered, close: () => closeSync(nothing) };
}

class PipeChild implements Child {
  readonly pid: number;
  readonly #readers: PipeReader[] = [];
  #open: number;
  readonly #exit: Promise<ChildExit>;

  constructor(
    process: ChildProcess,
    private readonly sources: readonly Source[],
    readonly stdin: StdinPipe | undefined,
  ) {
    this.pid = process.pid ?? 0;
    this.#open = sources.length;
    this.#exit = new Promise((resolve) => {
      process.once('exit', (code, signal) => resolve(exitOf(code, signal)));
    });
  }

  begin(sink: ChildSink): void {
    void this.#exit.then((exit) => sink.exited(exit));
    for (const { stream, socket, fd } of this.sources) {
      const reader = new PipeReader(
        socket,
        fd,
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

function exitOf(code: number | null, signal: NodeJS.Signals | null): ChildExit {
  return { code, signal: signal ? constants.signals[signal] : null };
}
