import { mkdirSync } from 'node:fs';
import { SshHost } from '../../clients/sshHost';
import type { Engine } from './engine';

/** OpenSSH on loopback; what is sent goes to a folder of its own. */
export class Ssh implements Engine {
  readonly name = 'ssh';
  readonly cwd = '/tmp';
  private readonly host = new SshHost((host) => [`SetEnv XDG_CACHE_HOME=${host.file('cache')}`]);

  missing(): string | undefined {
    return SshHost.missing();
  }

  async start(): Promise<void> {
    mkdirSync(this.host.file('cache'));
    await this.host.start();
  }

  words(): string[] {
    return this.host.command();
  }

  dispose(): Promise<void> {
    return this.host.dispose();
  }
}
