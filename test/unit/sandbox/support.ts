import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeSandbox, resolvePolicy, type FileLook, type Found, type Policy } from '../../../src/sandbox';

/** The real disk, with placeholders that count as missing. */
export function diskLook(placeholders: ReadonlySet<string> = new Set()): FileLook {
  return {
    async at(path): Promise<Found> {
      if (placeholders.has(path)) return { kind: 'missing' };
      try {
        const stats = await lstat(path);
        if (stats.isSymbolicLink()) return { kind: 'link', target: await readlink(path) };
        return { kind: stats.isDirectory() ? 'folder' : 'file' };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
        if (code === 'EACCES') return { kind: 'unreachable' };
        throw error;
      }
    },
    async list(folder) {
      const found = await readdir(folder, { withFileTypes: true });
      return found.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    },
    read: (path) => readFile(path, 'utf8'),
  };
}

/** A folder of its own outside of the temporary one's links, removed by `[Symbol.asyncDispose]`. */
export class Tree {
  private constructor(readonly root: string) {}

  static async make(files: readonly string[] = []): Promise<Tree> {
    const tree = new Tree(await realpath(await mkdtemp(join(tmpdir(), 'sandbox-'))));
    for (const file of files) await tree.add(file);
    return tree;
  }

  at(...names: string[]): string {
    return join(this.root, ...names);
  }

  /** A folder if the name ends with a slash, else a file that holds its own name. */
  async add(name: string, text = name): Promise<string> {
    const path = this.at(name);
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) await writeFile(path, text);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

export type Entry = Record<string, unknown>;
export const special = (kind: string, access: string, more: object = {}): Entry => ({
  path: { type: 'special', value: { kind, ...more } },
  access,
});
export const onPath = (path: string, access: string, more: object = {}): Entry => ({
  path: { type: 'path', path: `file://${path}` },
  access,
  ...more,
});
export const pattern = (text: string, access = 'deny'): Entry => ({
  path: { type: 'glob_pattern', pattern: text },
  access,
});

/** The object as a client sends it. */
export function sandboxOf(entries: readonly Entry[], more: object = {}, files: object = {}): object {
  return {
    permissions: {
      type: 'managed',
      network: 'restricted',
      file_system: { type: 'restricted', entries, ...files },
    },
    windowsSandboxLevel: 'disabled',
    ...more,
  };
}

export async function policyOf(
  entries: readonly Entry[],
  more: { roots?: readonly string[]; tmp?: string; look?: FileLook } = {},
): Promise<Policy> {
  const workspaceRoots = (more.roots ?? []).map((root) => `file://${root}`);
  const request = decodeSandbox(sandboxOf(entries, { workspaceRoots }));
  return resolvePolicy(request, { tmpdir: more.tmp, platform: 'linux' }, more.look ?? diskLook());
}
