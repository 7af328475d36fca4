import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from './engine';
import { inNamespace } from './namespace';
import { makeRootFs, ROOT_FS_NEEDS } from './rootFs';
import { lacking, run } from './run';

const PODMAN = '/usr/bin/podman';
/** Its own defaults are more than some sandboxes allow. */
const CONFIG = `[containers]
default_ulimits=["nofile=1024:20000","nproc=4096:4096"]
[engine]
cgroup_manager="cgroupfs"
events_logger="file"
`;

/** One container of an image that is made here, in storage of our own, without a daemon. */
export class Podman implements Engine {
  readonly name = 'Podman';
  readonly cwd = '/tmp';
  private readonly folder = path.join(tmpdir(), `engine-podman-${process.pid}`);
  readonly env = { CONTAINERS_CONF: path.join(this.folder, 'containers.conf') };

  missing(): string | undefined {
    return lacking([PODMAN, '/usr/bin/unshare', ...ROOT_FS_NEEDS], 'podman, crun and busybox-static');
  }

  async start(): Promise<void> {
    mkdirSync(this.folder);
    const at = (name: string): string => path.join(this.folder, name);
    writeFileSync(this.env.CONTAINERS_CONF, CONFIG);
    makeRootFs(at('fs'));
    await run('tar', ['-C', at('fs'), '-cf', at('fs.tar'), '.']);
    await this.podman('import', '-q', at('fs.tar'), 'localhost/fresh:1');
    const image = ['-e', 'PATH=/usr/local/bin:/bin', 'localhost/fresh:1', '/bin/sleep', '100000'];
    await this.podman('run', '-d', '--name', 'web', '--network', 'none', ...image);
  }

  words(): string[] {
    return [...this.before(), 'exec', '-i', 'web'];
  }

  async dispose(): Promise<void> {
    await this.podman('rm', '-f', '-t', '0', 'web').catch(() => '');
    await run('umount', [path.join(this.folder, 'store/overlay')]).catch(() => '');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private before(): string[] {
    const at = (name: string): string => path.join(this.folder, name);
    const storage = ['--root', at('store'), '--runroot', at('run'), '--tmpdir', at('tmp')];
    return [...inNamespace(this.folder), PODMAN, ...storage];
  }

  private podman(...args: string[]): Promise<string> {
    const [program = '', ...before] = this.before();
    return run(program, [...before, ...args], this.env);
  }
}
