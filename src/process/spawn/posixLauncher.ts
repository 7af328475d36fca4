import { closeSync } from 'node:fs';
import { devNull } from 'node:os';
import { resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { reach } from './interpreters';
import { findCachedLookup, type CachedLookup } from '../native/cachedLookup';
import { ChildReaper } from '../native/childReaper';
import { checkScript } from './execFormat';
import { checkFolder, mayBeThere, refuseProgram, searchedPaths, TRY_NEXT } from './findProgram';
import {
  environStrings,
  type ChildEnd,
  type Launched,
  type LaunchedInTerminal,
  type LaunchSpec,
  type Launcher,
} from './launcher';
import type { Libc } from '../native/libc';
import { findPtyFactory, type PtyFactory } from '../native/ptmx';
import { findPosixSpawn, type PosixSpawn, type Spawned } from './posixSpawn';
import { newborn } from '../observe/newborn';
import { hasTerminalUsers } from '../observe/terminalUsers';
import { SpawnError } from '../errors';

/** Runs text without a `#!` line, as execvp does. */
const SHELL = '/bin/sh';

/** The launcher of Linux; undefined where the system lacks something that it needs, and in a worker thread. */
export function findPosixLauncher(libc: Libc): Launcher | undefined {
  if (process.platform !== 'linux' || !isMainThread) return undefined;
  const spawn = findPosixSpawn(libc);
  const terminals = findPtyFactory(libc);
  return (
    spawn && terminals && new PosixLauncher(spawn, new ChildReaper(libc), terminals, findCachedLookup(libc))
  );
}

class PosixLauncher implements Launcher {
  constructor(
    private readonly spawn: PosixSpawn,
    private readonly reaper: ChildReaper,
    private readonly terminals: PtyFactory,
    private readonly lookup: CachedLookup,
  ) {}

  launch(spec: LaunchSpec, [stdin, stdout, stderr]: readonly [ChildEnd, number, number]): Promise<Launched> {
    return this.#start(spec, [stdin === 'ignore' ? devNull : stdin, stdout, stderr]);
  }

  async launchInTerminal(spec: LaunchSpec): Promise<LaunchedInTerminal> {
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
        mode: () => this.terminals.mode(fd),
        ...(this.terminals.tellsEnd() ? {} : { isLeft: () => !hasTerminalUsers(path) }),
      };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  async #start(spec: LaunchSpec, stdio: readonly (number | string)[]): Promise<Launched> {
    const { pid, mark } = await this.#search(spec, stdio);
    const child = newborn(pid, mark);
    return { exit: this.reaper.exitOf(child.pid), ...child };
  }

  async #search(spec: LaunchSpec, first: readonly (number | string)[]): Promise<Spawned> {
    const { argv, arg0, cwd } = spec;
    const [program = '', ...args] = argv;
    const stdio = [...first, ...(spec.more ?? [])];
    const { leavesTerminal } = spec;
    const env = environStrings(spec.env);
    let refused: SpawnError | undefined;
    for (const path of searchedPaths(spec)) {
      if (!program.includes('/') && !(await this.#mayBeThere(path))) continue;
      try {
        await reach(path, cwd, this.lookup);
        return await this.spawn({ path, argv: [arg0 ?? program, ...args], env, cwd, stdio, leavesTerminal });
      } catch (error) {
        if (!(error instanceof SpawnError)) throw error;
        if (error.code === 'ENOEXEC') {
          await checkScript(resolve(cwd, path));
          return this.spawn({
            path: SHELL,
            argv: [arg0 ?? program, path, ...args],
            env,
            cwd,
            stdio,
            leavesTerminal,
          });
        }
        if (!TRY_NEXT.has(error.code ?? '') || program.includes('/')) throw error;
        if (error.code === 'EACCES') refused = error;
      }
    }
    await checkFolder(cwd);
    throw refused ?? refuseProgram(spec);
  }

  /** One folder after the other, so that a silent disk holds up only what is not found before it. */
  #mayBeThere(path: string): boolean | Promise<boolean> {
    const known = this.lookup.has(path);
    return known === 'unknown' ? mayBeThere(path) : known === 'there';
  }
}
