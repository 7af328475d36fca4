import { mkdir, mkdtemp, realpath, rm, writeFile, chown } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from './cases.js';
import type { Json } from './client.js';
import { PATH, uri, type Proc, type Session } from './session.js';

/** A user without any rights of their own, for servers of an ordinary user. */
export const NOBODY = 65534;
/** Outside of what every policy may write. */
const PLACES = '/var/tmp';

export const special = (kind: string, access: string, subpath?: string): Json => ({
  path: { type: 'special', value: { kind, ...(subpath === undefined ? {} : { subpath }) } },
  access,
  ...(subpath === undefined ? {} : { missing_path_behavior: 'skip' }),
});
export const path = (name: string, access: string): Json => ({
  path: { type: 'path', path: uri(name) },
  access,
});
export const pattern = (text: string): Json => ({
  path: { type: 'glob_pattern', pattern: text },
  access: 'deny',
});

/** What Codex sends with `-s workspace-write`, but for protected names, which are so without a word. */
export const WORKSPACE_WRITE: readonly Json[] = [
  special('root', 'read'),
  special('project_roots', 'write'),
  special('slash_tmp', 'write'),
  special('tmpdir', 'write'),
  ...['.git', '.agents', '.codex', '.aws'].map((name) => special('project_roots', 'read', name)),
];

export function sandboxOf(permissions: Json, roots: readonly string[] = []): Json {
  return {
    permissions,
    cwd: uri(roots[0] ?? '/'),
    workspaceRoots: roots.map(uri),
    windowsSandboxLevel: 'disabled',
    windowsSandboxProxySettingsMode: 'reconcile',
    useLegacyLandlock: false,
  };
}

export const managed = (entries: readonly Json[], network = 'restricted'): Json => ({
  type: 'managed',
  network,
  file_system: { type: 'restricted', entries },
});

/** A folder with a workspace in it, and how commands run there. */
export class Workspace {
  private constructor(
    readonly session: Session,
    /** Holds `w`, `tmp` and `out`. */
    readonly outer: string,
  ) {}

  /** @param uid who owns it */
  static async make(t: Case, session: Session, uid?: number): Promise<Workspace> {
    const outer = await realpath(await mkdtemp(join(PLACES, 'wire-sandbox-')));
    t.defer(() => rm(outer, { recursive: true, force: true }));
    for (const name of ['w/.git', 'w/sub', 'tmp', 'out']) await mkdir(join(outer, name), { recursive: true });
    await writeFile(join(outer, 'w/.git/config'), '');
    if (uid !== undefined)
      for (const name of ['', 'w', 'w/.git', 'w/.git/config', 'w/sub', 'tmp', 'out'])
        await chown(join(outer, name), uid, uid);
    return new Workspace(session, outer);
  }

  get root(): string {
    return join(this.outer, 'w');
  }

  at(name: string): string {
    return join(this.outer, name);
  }

  /** What starts a command with entries beside the usual ones. */
  params(more: readonly Json[] = [], network?: string): Json {
    return {
      cwd: uri(this.root),
      env: { PATH, TMPDIR: this.at('tmp') },
      sandbox: sandboxOf(managed([...WORKSPACE_WRITE, ...more], network), [this.root]),
    };
  }

  run(script: string, more: readonly Json[] = []): Promise<Proc> {
    return this.session.run(script, this.params(more));
  }

  async text(script: string, more: readonly Json[] = []): Promise<string> {
    return (await this.run(script, more)).text().trim();
  }
}
