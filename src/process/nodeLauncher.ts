import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { ChildExit } from './child';
import { checkFolder, checkProgram } from './findProgram';
import {
  environStrings,
  type ChildEnd,
  type Launched,
  type LaunchedInTerminal,
  type Launcher,
} from './launcher';
import type { Libc } from './libc';
import type { PtyLoader } from './nodePty';
import { orNoTerminals } from './orNoTerminals';
import { withArg0 } from './ptyArg0';
import { SpawnError, toSpawnError } from './spawnError';
import { DEFAULT_SIZE, type SpawnSpec } from './types';

/** Starts programs as Node and node-pty do: on macOS, on an old Linux, in a worker thread. */
export class NodeLauncher implements Launcher {
  constructor(
    private readonly libc: Libc | undefined,
    private readonly loadPty: PtyLoader,
  ) {}

  async launch(spec: SpawnSpec, stdio: readonly [ChildEnd, number, number]): Promise<Launched> {
    return launchByNode(spec, [...stdio]);
  }

  /** Node-pty's native part without its JavaScript, which adds PWD and TERM and loses the last bytes at the exit. */
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is to be a rejection
  async launchInTerminal(spec: SpawnSpec): Promise<LaunchedInTerminal> {
    const { native, helperPath } = orNoTerminals('node-pty', this.loadPty);
    checkFolder(spec.cwd);
    checkProgram(spec);
    const [file = '', ...args] = withArg0(spec);
    const { rows, cols } = spec.size ?? DEFAULT_SIZE;
    let onExit: (exit: ChildExit) => void = () => undefined;
    const exit = new Promise<ChildExit>((resolve) => {
      onExit = resolve;
    });
    const ended = (code: number, signal: number): void => {
      onExit(signal > 0 ? { code: null, signal } : { code, signal: null });
    };
    try {
      const { fd, pid, pty } = native.fork(
        file,
        args,
        environStrings(spec.env),
        spec.cwd,
        cols,
        rows,
        -1,
        -1,
        true,
        helperPath,
        ended,
      );
      // On Linux node-pty leaves it open for every later child. macOS closes all such by itself.
      this.libc?.closeOnExec(fd);
      const resize: LaunchedInTerminal['resize'] = (size) => native.resize(fd, size.cols, size.rows, 0, 0);
      return { fd, pid, path: pty, exit, resize };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SpawnError(`No terminal could be opened: ${reason}`);
    }
  }
}

/** Node's child with its streams, where it made any. Rejects with a SpawnError. */
export async function launchByNode(
  spec: SpawnSpec,
  stdio: (number | 'ignore' | 'pipe')[],
): Promise<Launched & { child: ReturnType<typeof spawn> }> {
  const [file = '', ...args] = spec.argv;
  try {
    const child = spawn(file, args, {
      argv0: spec.arg0 ?? file,
      cwd: spec.cwd,
      env: { ...spec.env },
      stdio,
      // On POSIX: setsid. On Windows it would open a console window instead.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const exit = new Promise<ChildExit>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal: signal ? constants.signals[signal] : null });
      });
    });
    const { pid } = child;
    if (pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error];
      throw error;
    }
    // Later ones (a kill that failed) are nobody's news.
    child.on('error', () => undefined);
    return { pid, exit, child };
  } catch (error) {
    throw toSpawnError(error);
  }
}
