import { execFile } from 'node:child_process';
import { sshHosts } from './sshHosts';

/** Something that runs commands, and the words that run one there. */
export interface Machine {
  readonly kind: 'ssh' | 'docker' | 'podman' | 'kubectl' | 'lxc';
  readonly name: string;
  /** An image, a namespace. */
  readonly detail: string;
  readonly words: readonly string[];
}

/** How long a program may take to tell what runs, in ms. */
const LIST_MS = 4000;
const PODS = 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.metadata.namespace}{"\\n"}{end}';

/** Hosts of the ssh configuration, and what runs now by the programs that are here. None that fails keeps the others. */
export async function findMachines(told: (text: string) => void): Promise<Machine[]> {
  const list = async (
    kind: Machine['kind'],
    command: readonly string[],
    words: (name: string, detail: string) => string[],
  ): Promise<Machine[]> => {
    const text = await output(command, told);
    return text
      .split('\n')
      .map((line) => line.trim().split('\t'))
      .filter(([name]) => name)
      .map(([name = '', detail = '']) => ({ kind, name, detail, words: words(name, detail) }));
  };
  const format = ['ps', '--format', '{{.Names}}\t{{.Image}}'];
  const pods = [
    'kubectl',
    'get',
    'pods',
    '--field-selector=status.phase=Running',
    '--request-timeout=3s',
    '-o',
  ];
  const all = await Promise.all([
    sshHosts().then((hosts) => hosts.map(sshMachine)),
    list('docker', ['docker', ...format], (name) => ['docker', 'exec', '-i', name]),
    list('podman', ['podman', ...format], (name) => ['podman', 'exec', '-i', name]),
    list('kubectl', [...pods, PODS], (name, space) => ['kubectl', 'exec', '-i', '-n', space, name, '--']),
    list('lxc', ['lxc-ls', '--running', '-1'], (name) => ['lxc-attach', '-n', name, '--']),
  ]);
  return all.flat();
}

/** With signs of life, so that a network that is gone is noticed. */
function sshMachine(name: string): Machine {
  return { kind: 'ssh', name, detail: '', words: ['ssh', '-o', 'ServerAliveInterval=15', name] };
}

/** Empty where the program is not there or fails. */
function output([program = '', ...args]: readonly string[], told: (text: string) => void): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: LIST_MS, windowsHide: true }, (error, stdout, stderr) => {
      const isThere = error?.code !== 'ENOENT';
      if (error && isThere) told(`${program} can't tell what runs: ${stderr.trim() || error.message}`);
      resolve(error ? '' : stdout);
    });
  });
}
