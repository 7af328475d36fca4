import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from './engine';
import { makeRootFs, removeRootFs, ROOT_FS_NEEDS, type NodeThere } from './rootFs';
import { lacking, run } from './run';

const BWRAP = '/usr/bin/bwrap';

/** Namespaces of its own for each command, on one root. */
export class Bubblewrap implements Engine {
  readonly name = 'bubblewrap';
  readonly cwd = '/tmp';

  constructor(private readonly node: NodeThere = 'all') {}

  private get root(): string {
    return path.join(tmpdir(), `engine-bwrap-${process.pid}-${this.node}`);
  }

  missing(): string | undefined {
    return lacking([BWRAP, ...ROOT_FS_NEEDS], 'bubblewrap and busybox-static');
  }

  async start(): Promise<void> {
    mkdirSync(this.root);
    makeRootFs(this.root, this.node);
    const [program = '', ...args] = this.words();
    await run(program, [...args, 'true']);
  }

  /** @param more options of bwrap, behind those that lay out the root */
  words(...more: string[]): string[] {
    const bare = ['--clearenv', '--setenv', 'PATH', '/usr/local/bin:/bin', '--setenv', 'HOME', '/root'];
    const layout = ['--bind', this.root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'];
    return [BWRAP, '--unshare-all', '--die-with-parent', ...bare, ...layout, ...more, '--'];
  }

  async dispose(): Promise<void> {
    removeRootFs(this.root);
  }
}
