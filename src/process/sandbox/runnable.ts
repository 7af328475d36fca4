import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import { disk } from '../../blocking';
import { toSpawnError } from '../errors';
import type { CachedLookup } from '../native/cachedLookup';
import { checkFormat } from '../spawn/execFormat';
import { checkFolder, checkProgram, searchedPaths } from '../spawn/findProgram';
import { interpreterOf } from '../spawn/interpreters';
import { SandboxRefusal } from '../../sandbox';
import type { SpawnSpec } from '../types';

const MOST_REMEMBERED = 256;

/** A program that could be run, as it was then. */
interface Known {
  readonly state: string;
  readonly interpreter: string | undefined;
  readonly interpreterState: string | undefined;
}

/**
 * Whether a program and its folder are there and may be used, in the words that the same start meets without a sandbox.
 * What enforces the sandbox finds both by itself: here nothing is decided but what is told.
 */
export class Runnable {
  readonly #known = new Map<string, Known>();

  constructor(private readonly lookup: CachedLookup) {}

  /** The folder without links. Rejects with a SpawnError, or a SandboxRefusal for a name that is no UTF-8. */
  async folder(cwd: string): Promise<string> {
    const bytes = this.lookup.realFolderOnRoot(cwd) ?? (await folderOnDisk(cwd));
    if (isUtf8(bytes)) return bytes.toString();
    throw new SandboxRefusal('cwd', 'its name is no UTF-8', 'Start it in another folder.');
  }

  /** The path of the program. Rejects with a SpawnError. */
  async program(spec: SpawnSpec): Promise<string> {
    const near = this.#first(spec);
    if (near !== undefined && this.#isAsKnown(near)) return near;
    const path = await checkProgram(spec);
    // Before it is read: what is changed meanwhile is not known.
    const state = this.lookup.statusOnRoot(path)?.state;
    await checkFormat(path);
    if (state !== undefined) await this.#remember(path, state);
    return path;
  }

  /** Where the system would look first that something is; undefined where that cannot be told at once. */
  #first(spec: SpawnSpec): string | undefined {
    for (const path of searchedPaths(spec).map((name) => resolve(spec.cwd, name))) {
      const found = this.lookup.has(path);
      if (found === 'there') return path;
      if (found === 'unknown') return undefined;
    }
    return undefined;
  }

  #isAsKnown(path: string): boolean {
    const known = this.#known.get(path);
    if (!known || this.lookup.statusOnRoot(path)?.state !== known.state) return false;
    const { interpreter, interpreterState } = known;
    return interpreter === undefined || this.lookup.statusOnRoot(interpreter)?.state === interpreterState;
  }

  async #remember(path: string, state: string): Promise<void> {
    const interpreter = await interpreterOf(path, this.lookup).catch(() => undefined);
    const interpreterState = interpreter && this.lookup.statusOnRoot(interpreter)?.state;
    if (interpreter !== undefined && interpreterState === undefined) return;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(path, { state, interpreter, interpreterState });
  }
}

async function folderOnDisk(cwd: string): Promise<Buffer> {
  await checkFolder(cwd);
  return disk.realpath(cwd).catch((error: unknown) => {
    throw toSpawnError(error);
  });
}
