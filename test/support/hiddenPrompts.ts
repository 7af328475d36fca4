import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { userInfo } from 'node:os';
import { SshHost } from '../clients/sshHost';

/** A real program that asks for a secret on its terminal. */
export interface HiddenPrompt {
  readonly name: string;
  readonly argv: readonly string[];
  /** What it writes when it waits. */
  readonly asks: RegExp;
  /** What it writes once it was given the right answer. */
  readonly accepts: RegExp;
}

/** Nobody on this machine has that number. */
const UID = '61234';
const USER = 'secretive';

/** bash, sudo, su and ssh, as far as this machine has them; what it lacks is printed. All take the same secret. */
export class HiddenPrompts implements AsyncDisposable {
  readonly all: HiddenPrompt[] = [];
  private readonly ssh = new SshHost();

  /** @param folder for their files; the secret itself is in none of them */
  static async prepare(folder: string, secret: string): Promise<HiddenPrompts> {
    const prompts = new HiddenPrompts();
    mkdirSync(folder, { recursive: true });
    prompts.addShell();
    prompts.addUsers(folder, secret);
    await prompts.addSsh(folder, secret);
    return prompts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ssh.dispose();
  }

  private addShell(): void {
    const script = 'read -rs -p "Word: " word; echo; echo "it has ${#word} letters"; sleep 1000';
    this.all.push({
      ...{ name: 'read -s of bash', argv: ['bash', '-c', script] },
      ...{ asks: /Word: $/, accepts: /it has \d\d letters/ },
    });
  }

  /** A person with a password, whom only a mount namespace knows: the machine's own users stay as they are. */
  private addUsers(folder: string, secret: string): void {
    const lacks = whyNoUser();
    if (lacks !== undefined) return lack('sudo and su', lacks);
    const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], {
      input: secret,
      encoding: 'utf8',
    }).trim();
    const lines = {
      passwd: `${USER}:x:${UID}:${UID}::/tmp:/bin/sh`,
      group: `${USER}:x:${UID}:`,
      shadow: `${USER}:${hash}:19000:0:99999:7:::`,
    };
    for (const [name, more] of Object.entries(lines)) {
      copyFileSync(`/etc/${name}`, path.join(folder, name));
      appendFileSync(path.join(folder, name), `${more}\n`);
    }
    const mounts = Object.keys(lines).map((name) => `mount --bind '${path.join(folder, name)}' /etc/${name}`);
    const asUser = (...command: string[]): string[] => {
      const enter = `exec setpriv --reuid=${UID} --regid=${UID} --clear-groups "$@"`;
      return ['unshare', '-m', 'sh', '-c', [...mounts, enter].join(' && '), 'sh', ...command];
    };
    this.all.push({
      ...{ name: 'su', argv: asUser('su', USER, '-c', 'echo "I am $(id -un)"; sleep 1000') },
      ...{ asks: /Password: $/, accepts: /I am secretive/ },
    });
    if (!existsSync('/usr/bin/sudo')) return lack('sudo', 'it is not installed');
    const rules = path.join(folder, 'sudoers.d');
    mkdirSync(rules);
    writeFileSync(path.join(rules, USER), `${USER} ALL=(ALL) ALL\n`, { mode: 0o440 });
    mounts.push(`mount --bind '${rules}' /etc/sudoers.d`);
    this.all.push({
      ...{ name: 'sudo', argv: asUser('sudo', 'sh', '-c', 'echo "I am $(id -un)"; sleep 1000') },
      ...{ asks: /\[sudo\] password for secretive: $/, accepts: /I am root/ },
    });
  }

  /** A key that has the secret as its passphrase, and an sshd of our own that knows the key. */
  private async addSsh(folder: string, secret: string): Promise<void> {
    const lacks = SshHost.missing();
    if (lacks !== undefined) {
      lack('ssh', lacks);
      return;
    }
    await this.ssh.start();
    const key = path.join(folder, 'key');
    copyFileSync(this.ssh.file('user'), key);
    chmodSync(key, 0o600);
    execFileSync('/usr/bin/ssh-keygen', ['-q', '-p', '-P', '', '-N', secret, '-f', key]);
    const argv = this.ssh
      .command('echo', '"I am there"')
      .map((word) =>
        word === 'BatchMode=yes' ? 'BatchMode=no' : word === this.ssh.file('user') ? key : word,
      );
    this.all.push({ name: 'ssh', argv, asks: /Enter passphrase for key .*: $/, accepts: /I am there/ });
  }
}

/** Why there can be no person with a password. */
function whyNoUser(): string | undefined {
  if (userInfo().uid !== 0) return 'only root can have a user that is no user of the machine';
  try {
    execFileSync('unshare', ['-m', 'mount', '--bind', '/etc/passwd', '/etc/passwd'], { stdio: 'pipe' });
    readFileSync('/etc/shadow');
    return undefined;
  } catch (error) {
    return String(error).split('\n')[0];
  }
}

function lack(what: string, why: string): void {
  console.log(`      skipped: ${what}: ${why}`);
}
