import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { START_MS } from '../../scripts/host/patience.mjs';

const SSHD = '/usr/sbin/sshd';
/** As root, sshd insists on this folder, for each connection. It stays: other runs may be in need of it. */
const ROOT_FOLDER = '/run/sshd';

/** A machine that is reached by ssh: an sshd of our own on loopback, with keys and configuration of its own. */
export class SshHost {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'exec-server-ssh-'));
  private sshd: ChildProcess | undefined;
  private port = 0;

  /** @param more further lines of the sshd's configuration */
  constructor(private readonly more: (host: SshHost) => readonly string[] = () => []) {}

  /** Why there can't be one, undefined where it can. */
  static missing(): string | undefined {
    for (const program of [SSHD, '/usr/bin/ssh', '/usr/bin/ssh-keygen']) {
      try {
        accessSync(program, constants.X_OK);
      } catch {
        return `${program} is not there: install openssh-server and openssh-client`;
      }
    }
    return undefined;
  }

  async start(): Promise<void> {
    const { folder } = this;
    for (const name of ['host', 'user']) {
      execFileSync('/usr/bin/ssh-keygen', [
        '-q',
        '-t',
        'ed25519',
        '-N',
        '',
        '-C',
        name,
        '-f',
        path.join(folder, name),
      ]);
    }
    if (userInfo().uid === 0) mkdirSync(ROOT_FOLDER, { recursive: true, mode: 0o755 });
    this.port = await freePort();
    const config = [
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${path.join(folder, 'host')}`,
      `AuthorizedKeysFile ${path.join(folder, 'user.pub')}`,
      'AuthenticationMethods publickey',
      'PermitRootLogin prohibit-password',
      // The folder is below a temporary one, which anybody may write to.
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'LogLevel FATAL',
      ...this.more(this),
    ];
    writeFileSync(path.join(folder, 'sshd_config'), config.join('\n') + '\n');
    const hostKey = execFileSync('/usr/bin/ssh-keygen', ['-y', '-f', path.join(folder, 'host')], {
      encoding: 'utf8',
    });
    writeFileSync(path.join(folder, 'known_hosts'), `[127.0.0.1]:${this.port} ${hostKey}`);
    chmodSync(path.join(folder, 'user'), 0o600);
    this.sshd = spawn(SSHD, ['-D', '-e', '-f', path.join(folder, 'sshd_config')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await this.listens();
  }

  /** The words that run a command there, as a person would type them, with our keys. */
  command(...remote: string[]): string[] {
    const options = [
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      `UserKnownHostsFile=${path.join(this.folder, 'known_hosts')}`,
    ];
    return [
      '/usr/bin/ssh',
      '-F',
      'none',
      '-i',
      path.join(this.folder, 'user'),
      '-p',
      String(this.port),
      ...options.flatMap((option) => ['-o', option]),
      `${userInfo().username}@127.0.0.1`,
      ...remote,
    ];
  }

  /** A file of this run only. */
  file(name: string): string {
    return path.join(this.folder, name);
  }

  async dispose(): Promise<void> {
    const { sshd } = this;
    if (sshd && sshd.exitCode === null) {
      const ended = new Promise((resolve) => sshd.once('exit', resolve));
      sshd.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async listens(): Promise<void> {
    for (const end = Date.now() + START_MS; Date.now() < end;) {
      await sleep(50);
      if (this.sshd?.exitCode != null) throw new Error(`sshd ended with ${this.sshd.exitCode}`);
      const socket = net.connect(this.port, '127.0.0.1');
      const open = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => {
          resolve(true);
        });
        socket.once('error', () => {
          resolve(false);
        });
      });
      socket.destroy();
      if (open) return;
    }
    throw new Error(`sshd did not listen within ${START_MS / 1000} s`);
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
