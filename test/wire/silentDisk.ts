/** A disk that can be made not to answer, as a network disk whose server has gone. */
import { execFileSync, spawn } from 'node:child_process';
import { accessSync } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Case } from './cases.js';

const TRIES = 100;

export class SilentDisk {
  private constructor(
    /** Where it is mounted. It holds `file` and `folder`. */
    readonly path: string,
    private readonly signal: (name: NodeJS.Signals) => void,
  ) {}

  /** Skips the case where no such disk can be mounted. */
  static async mount(t: Case): Promise<SilentDisk> {
    try {
      accessSync('/dev/fuse');
      execFileSync('bindfs', ['--version'], { stdio: 'ignore' });
    } catch {
      t.skip('needs FUSE and bindfs (apt install bindfs)');
    }
    const dir = await t.dir();
    const [source, path] = [`${dir}/source`, `${dir}/mounted`];
    for (const each of [`${source}/folder`, path]) await mkdir(each, { recursive: true });
    await writeFile(`${source}/file`, 'content');
    // Nothing of it is remembered by the system, so that each look at it needs an answer.
    const options = ['-f', '-o', 'attr_timeout=0,entry_timeout=0,negative_timeout=0', source, path];
    const server = spawn('bindfs', options, { stdio: 'ignore' });
    const exited = new Promise((resolve) => server.once('exit', resolve));
    t.defer(async () => {
      server.kill('SIGCONT');
      execFileSync('umount', ['--lazy', path], { stdio: 'ignore' });
      server.kill('SIGKILL');
      await exited;
      await rm(path, { recursive: true, force: true });
    });
    for (let left = TRIES; ; left -= 1) {
      if (
        await access(`${path}/file`).then(
          () => true,
          () => false,
        )
      )
        break;
      if (left === 0 || server.exitCode !== null) t.skip('this person may not mount a file system');
      await delay(50);
    }
    return new SilentDisk(path, (name) => server.kill(name));
  }

  fallSilent(): void {
    this.signal('SIGSTOP');
  }

  answer(): void {
    this.signal('SIGCONT');
  }
}
