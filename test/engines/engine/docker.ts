import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from './engine';
import { inNamespace } from './namespace';
import { makeRootFs, ROOT_FS_NEEDS } from './rootFs';
import { Daemon, lacking, run } from './run';

const DOCKER = '/usr/bin/docker';
const DOCKERD = '/usr/sbin/dockerd';
/** Its own default is more than some sandboxes allow. */
const OPEN_FILES = 'nofile=1024:20000';

/** A daemon of our own, with one container of an image that is made here. */
export class Docker implements Engine {
  readonly name = 'Docker';
  readonly cwd = '/tmp';
  private readonly folder = path.join(tmpdir(), `engine-docker-${process.pid}`);
  private readonly host = `unix://${this.folder}/socket`;
  private daemon: Daemon | undefined;

  missing(): string | undefined {
    return lacking([DOCKER, DOCKERD, '/usr/bin/unshare', ...ROOT_FS_NEEDS], 'docker.io and busybox-static');
  }

  async start(): Promise<void> {
    mkdirSync(this.folder);
    const at = (name: string): string => path.join(this.folder, name);
    const [program, ...before] = inNamespace(this.folder);
    const folders = [
      '--data-root',
      at('data'),
      '--exec-root',
      at('exec'),
      '--pidfile',
      at('pid'),
      '-H',
      this.host,
    ];
    const network = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
    const limits = ['--exec-opt', 'native.cgroupdriver=cgroupfs', '--default-ulimit', OPEN_FILES];
    this.daemon = new Daemon(program, [...before, DOCKERD, ...folders, ...network, ...limits]);
    await this.daemon.ready(() => this.docker('version'));
    makeRootFs(at('root'));
    await run('tar', ['-C', at('root'), '-cf', at('root.tar'), '.']);
    await this.docker('import', at('root.tar'), 'fresh');
    const image = ['-e', 'PATH=/usr/local/bin:/bin', 'fresh', '/bin/sleep', '100000'];
    await this.docker('run', '-d', '--init=false', '--name', 'web', '--network', 'none', ...image);
  }

  words(): string[] {
    return [DOCKER, '-H', this.host, 'exec', '-i', 'web'];
  }

  async dispose(): Promise<void> {
    if (this.daemon) await this.docker('rm', '-f', 'web').catch(() => '');
    await this.daemon?.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private docker(...args: string[]): Promise<string> {
    return run(DOCKER, ['-H', this.host, ...args]);
  }
}
