import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from './engine';
import { makeRootFs, ROOT_FS_NEEDS } from './rootFs';
import { lacking, run } from './run';

const NAME = 'box';

/** One container on a root of our own. */
export class Lxc implements Engine {
  readonly name = 'LXC';
  readonly cwd = '/tmp';
  private readonly folder = path.join(tmpdir(), `engine-lxc-${process.pid}`);

  missing(): string | undefined {
    return lacking(['/usr/bin/lxc-start', '/usr/bin/lxc-attach', ...ROOT_FS_NEEDS], 'lxc and busybox-static');
  }

  async start(): Promise<void> {
    mkdirSync(this.folder);
    const root = path.join(this.folder, NAME, 'rootfs');
    mkdirSync(root, { recursive: true });
    makeRootFs(root);
    const config = [
      `lxc.uts.name = ${NAME}`,
      `lxc.rootfs.path = dir:${root}`,
      'lxc.net.0.type = empty',
      'lxc.apparmor.profile = unconfined',
      'lxc.mount.auto = proc:mixed sys:ro',
      'lxc.autodev = 1',
      'lxc.pty.max = 64',
      'lxc.init.cmd = /bin/sleep 100000',
      'lxc.signal.stop = SIGKILL',
    ];
    writeFileSync(path.join(this.folder, NAME, 'config'), config.join('\n') + '\n');
    await run('/usr/bin/lxc-start', ['-P', this.folder, '-n', NAME]);
    const [program = '', ...args] = this.words();
    await run(program, [...args, 'true']);
  }

  words(): string[] {
    const bare = ['--clear-env', '-v', 'PATH=/usr/local/bin:/bin', '-v', 'HOME=/root'];
    return ['/usr/bin/lxc-attach', '-P', this.folder, '-n', NAME, ...bare, '--'];
  }

  async dispose(): Promise<void> {
    await run('/usr/bin/lxc-stop', ['-P', this.folder, '-n', NAME, '-k']).catch(() => '');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
