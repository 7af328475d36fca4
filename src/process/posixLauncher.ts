import { closeSync } from 'node:fs';
import { devNull } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { ChildReaper } from './childReaper';
import { checkFolder, programPaths, refuseProgram } from './findProgram';
import {
  environStrings,
  type ChildEnd,
  type Launched,
  type LaunchedInTerminal,
  type Launcher,
} from './launcher';
import type { Libc } from './libc';
import { findTerminals, type Terminals } from './masterTerminal';
import { findPosixSpawn, type PosixSpawn } from './posixSpawn';
import { SpawnError } from './spawnError';
import type { SpawnSpec } from './types';

/** Errors of one place in the PATH, after which the next one is looked at, as execvp does. */
const TRY_NEXT = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
/** Runs what has no `#!` line and is no program, as execvp does. */
const SHELL = '/bin/sh';

/** The launcher of Linux; undefined where the system lacks something that it needs, and in a worker thread. */
export function findPosixLauncher(libc: Libc): Launcher | undefined {
  if (process.platform !== 'linux' || !isMainThread) return undefined;
  const spawn = findPosixSpawn(libc);
  const terminals = findTerminals(libc);
  return spawn && terminals && new PosixLauncher(spawn, new ChildReaper(libc), terminals);
}

class PosixLauncher implements Launcher {
  constructor(
    private readonly spawn: PosixSpawn,
    private readonly reaper: ChildReaper,
    private readonly terminals: Terminals,
  ) {}

  launch(spec: SpawnSpec, [stdin, stdout, stderr]: readonly [ChildEnd, number, number]): Promise<Launched> {
    return this.#start(spec, [stdin === 'ignore' ? devNull : stdin, stdout, stderr]);
  }

  async launchInTerminal(spec: SpawnSpec): Promise<LaunchedInTerminal> {
    const { fd, path } = this.terminals.open(spec.size);
    try {
      // The first makes it the controlling terminal, the others are the first.
      const launched = await this.#start(spec, [path, 0, 0]);
      return {
        ...launched,
        fd,
        path,
        resize: (size) => this.terminals.resize(fd, size),
        pendingBytes: () => this.terminals.pendingBytes(fd),
      };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  async #start(spec: SpawnSpec, stdio: readonly (number | string)[]): Promise<Launched> {
    const pid = await this.#search(spec, stdio);
    return { pid, exit: this.reaper.exitOf(pid) };
  }

  async #search(spec: SpawnSpec, stdio: readonly (number | string)[]): Promise<number> {
    const { argv, arg0, cwd } = spec;
    const [program = '', ...args] = argv;
    const env = environStrings(spec.env);
    let refused: SpawnError | undefined;
    for (const path of programPaths(spec)) {
      try {
        return await this.spawn({ path, argv: [arg0 ?? program, ...args], env, cwd, stdio });
      } catch (error) {
        if (!(error instanceof SpawnError)) throw error;
        if (error.code === 'ENOEXEC') {
          return this.spawn({ path: SHELL, argv: [arg0 ?? program, path, ...args], env, cwd, stdio });
        }
        if (!TRY_NEXT.has(error.code ?? '') || program.includes('/')) throw error;
        if (error.code === 'EACCES') refused = error;
      }
    }
    checkFolder(cwd);
    throw refused ?? refuseProgram(spec);
  }
}
