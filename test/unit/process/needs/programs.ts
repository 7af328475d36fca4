import type { SpawnSpec } from '../../../../src/process/types';

/** A real program that sleeps, and whether somebody could type for it to go on. */
export interface Sleeper {
  readonly name: string;
  /** It is left out where this program is not there. */
  readonly program?: string;
  readonly argv: readonly string[];
  /** In a terminal unless it says `pipe`. */
  readonly on?: 'pipe';
  /** What is typed once it has gone quiet. */
  readonly typed?: string;
  /** Absent for what waits for nobody. */
  readonly waits?: { readonly kind: 'input' | 'secret' | 'prompt'; readonly question?: string };
}

const bash = (script: string): string[] => ['bash', '-c', script];
const sh = (script: string): string[] => ['/bin/sh', '-c', script];
const python = (script: string): string[] => ['python3', '-c', script];
const node = (script: string): string[] => [process.execPath, '-e', script];
const input = (question: string) => ({ kind: 'input', question }) as const;
const secret = (question: string) => ({ kind: 'secret', question }) as const;
const prompt = (question?: string) =>
  ({ kind: 'prompt', ...(question === undefined ? {} : { question }) }) as const;

const NODE_QUESTION = `require('readline').createInterface({ input: process.stdin, output: process.stdout })
  .question('package name: (shop) ', () => process.exit())`;
const NEW_REPOSITORY = `cd "$(mktemp -d)" && git init -q . && echo one > f && git add f &&
  git -c user.name=a -c user.email=a@b commit -qm x && echo two >> f`;

/** Those that need somebody. */
export const WAITING: readonly Sleeper[] = [
  {
    name: 'bash read -p',
    argv: bash('read -p "Deploy to staging? [y/N] " a'),
    waits: input('Deploy to staging? [y/N]'),
  },
  { name: 'bash read -p that asks nothing', argv: bash('read -p "Your name " a'), waits: input('Your name') },
  { name: 'bash read -e, with an editor', argv: bash('read -e -p "Target: " a'), waits: input('Target:') },
  {
    name: 'bash read -t, which polls',
    argv: bash('read -t 60 -p "Go on? (yes/no) " a'),
    waits: input('Go on? (yes/no)'),
  },
  {
    name: 'bash read -n 1',
    argv: bash('read -n 1 -p "Press any key to continue" a'),
    waits: input('Press any key to continue'),
  },
  { name: 'bash read -s', argv: bash('read -s -p "Passphrase: " a'), waits: secret('Passphrase:') },
  {
    name: 'bash read -s below a whole line',
    argv: bash('echo "Token for the registry"; read -s a'),
    waits: secret('Token for the registry'),
  },
  { name: 'bash select', argv: bash('select a in red green; do break; done'), waits: input('2) green') },
  { name: 'dash read', argv: sh('printf "Overwrite /etc/x? "; read a'), waits: input('Overwrite /etc/x?') },
  {
    name: 'a script that asks in a whole line',
    argv: sh('echo "Are you sure? [y/n]"; read a'),
    waits: input('Are you sure? [y/n]'),
  },
  {
    name: 'as apt asks',
    argv: sh('echo "0 to remove."; printf "Do you want to continue? [Y/n] "; head -n 1'),
    waits: input('Do you want to continue? [Y/n]'),
  },
  {
    name: 'as ssh asks for a host key',
    argv: sh(
      'printf "Are you sure you want to continue connecting (yes/no/[fingerprint])? "; read a < /dev/tty',
    ),
    waits: input('Are you sure you want to continue connecting (yes/no/[fingerprint])?'),
  },
  {
    name: 'python input()',
    program: 'python3',
    argv: python('input("Your age: ")'),
    waits: input('Your age:'),
  },
  {
    name: 'python input() with readline',
    program: 'python3',
    argv: python('import readline; input("Your town: ")'),
    waits: input('Your town:'),
  },
  {
    name: 'python getpass, as sudo asks',
    program: 'python3',
    argv: python('import getpass; getpass.getpass("[sudo] password for me: ")'),
    waits: secret('[sudo] password for me:'),
  },
  {
    name: 'node readline, as npm init asks',
    argv: node(NODE_QUESTION),
    waits: input('package name: (shop)'),
  },
  {
    name: 'node on data',
    argv: node(`process.stdout.write('Continue? [y/N] '); process.stdin.once('data', () => process.exit())`),
    waits: input('Continue? [y/N]'),
  },
  {
    name: 'node readline on a screen that was cleared',
    argv: bash(`clear; node -e '${NODE_QUESTION.replaceAll("'", '"')}'`),
    waits: input('package name: (shop)'),
  },
  {
    name: 'git add -p',
    program: 'git',
    argv: bash(`${NEW_REPOSITORY} && git add -p`),
    waits: { kind: 'input' },
  },
  {
    name: 'perl <STDIN>',
    program: 'perl',
    argv: ['perl', '-e', '$|=1; print "Port [8080]: "; <STDIN>'],
    waits: input('Port [8080]:'),
  },
  {
    name: 'a child of a child in its own group',
    argv: bash('set -m; bash -c \'read -p "Merge now? " a\'; true'),
    waits: input('Merge now?'),
  },
  {
    name: 'a question behind colours',
    argv: bash('printf "\\033[1;33m? \\033[0mReally delete \\033[36m3 files\\033[0m? "; read a'),
    waits: input('? Really delete 3 files?'),
  },
  {
    name: 'a question that was begun slowly',
    argv: bash('printf "Checking "; sleep 1.5; printf "done. Proceed? "; read a'),
    waits: input('Checking done. Proceed?'),
  },
  { name: 'read from a pipe', on: 'pipe', argv: sh('printf "User: "; read a'), waits: input('User:') },
  {
    name: 'python input() from a pipe',
    program: 'python3',
    on: 'pipe',
    argv: python('input("Which one? ")'),
    waits: input('Which one?'),
  },
  {
    name: 'a pipeline of which one asks',
    on: 'pipe',
    argv: sh('{ printf "Really? " >&2; read a; echo $a; } | cat'),
    waits: input('Really?'),
  },
  {
    name: 'mysecret asked by a program that draws itself',
    argv: node(
      `process.stdin.setRawMode(true); process.stdout.write('npm password: '); process.stdin.on('data', () => 0)`,
    ),
    waits: secret('npm password:'),
  },
];

/** Those at their own prompt: they wait for a command, not for an answer. */
export const AT_PROMPT: readonly Sleeper[] = [
  { name: 'bash', argv: ['bash', '--norc', '--noprofile'], waits: prompt() },
  {
    name: 'bash -i with a fancy prompt',
    argv: ['bash', '--norc', '-i'],
    typed: 'PS1="me@host ok: "\n',
    waits: prompt('me@host ok:'),
  },
  { name: 'dash', program: 'dash', argv: ['dash'], waits: prompt() },
  { name: 'python', program: 'python3', argv: ['python3', '-q'], waits: prompt('>>>') },
  { name: 'node', argv: [process.execPath, '-i'], waits: prompt('>') },
  { name: 'gdb', program: 'gdb', argv: ['gdb', '-q', '-nx'], waits: prompt('(gdb)') },
  { name: 'sqlite3', program: 'sqlite3', argv: ['sqlite3'], waits: prompt('sqlite>') },
  {
    name: 'a shell on a pipe',
    on: 'pipe',
    argv: ['/bin/sh'],
    typed: 'printf "almost: "\n',
    waits: prompt('almost:'),
  },
];

const FILL = 'for i in $(seq 200); do echo line $i; done';

/** Those that nobody is to be called for. */
export const NOT_WAITING: readonly Sleeper[] = [
  { name: 'less', program: 'less', argv: bash(`(${FILL}) | less`) },
  { name: 'less without the other screen', program: 'less', argv: bash(`(${FILL}) | less -X`) },
  { name: 'less at its end', program: 'less', argv: bash(`(${FILL}) | less`), typed: 'G' },
  { name: 'more', program: 'more', argv: bash(`(${FILL}) > /tmp/needs-more-$$; more /tmp/needs-more-$$`) },
  {
    name: 'git log in its pager',
    program: 'git',
    argv: bash(
      `${NEW_REPOSITORY}; for i in $(seq 60); do git -c user.name=a -c user.email=a@b commit -q --allow-empty -m "n $i"; done; git -c core.pager='less -X' log`,
    ),
  },
  { name: 'vim', program: 'vim', argv: ['vim', '-u', 'NONE', '/tmp/needs-vim.txt'] },
  {
    name: 'vim in insert mode',
    program: 'vim',
    argv: ['vim', '-u', 'NONE', '/tmp/needs-vim2.txt'],
    typed: 'iWho? ',
  },
  { name: 'top', program: 'top', argv: ['top', '-d', '60'] },
  { name: 'htop', program: 'htop', argv: ['htop', '-d', '600'] },
  {
    name: 'top under another name',
    program: 'top',
    argv: bash('d=$(mktemp -d); cp "$(command -v top)" $d/dash-board; $d/dash-board -d 60'),
  },
  { name: 'watch', program: 'watch', argv: ['watch', '-n', '60', 'echo Really?'] },
  { name: 'sleep', argv: ['sleep', '60'] },
  { name: 'a quiet build', argv: sh('printf "Compiling (3 of 9)? "; sleep 60') },
  { name: 'make-like, whole lines', argv: sh('echo "cc -c a.c"; echo "Linking?"; sleep 60') },
  { name: 'a test that hangs', argv: node(`process.stdout.write('  ✓ adds: '); setInterval(() => 0, 1e6)`) },
  {
    name: 'a progress bar',
    argv: bash(
      'for i in $(seq 5 5 60); do printf "\\rDownloading %d%% [####    ]" $i; sleep 0.15; done; sleep 60',
    ),
  },
  {
    name: 'a slow progress bar',
    argv: bash('for i in $(seq 60); do printf "\\rIndexing: $i of 60 "; sleep 1; done'),
  },
  {
    name: 'a progress bar of a program that hears keys',
    argv: node(
      `process.stdin.setRawMode(true); process.stdin.on('data', () => 0); let n = 0; setInterval(() => process.stdout.write('\\rBuilding: ' + n++ + '% [##  ]'), 900)`,
    ),
  },
  {
    name: 'a spinner',
    argv: node(
      `process.stdin.setRawMode(true); process.stdin.on('data', () => 0); setInterval(() => process.stdout.write('\\r⠋ Installing dependencies'), 1200)`,
    ),
  },
  {
    name: 'a server in accept',
    program: 'python3',
    argv: python(
      'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); s.listen(); print("Listening on: ", end="", flush=True); s.accept()',
    ),
  },
  {
    name: 'a server in epoll',
    argv: node(
      `require('http').createServer(() => 0).listen(0, '127.0.0.1', () => process.stdout.write('Ready? '))`,
    ),
  },
  {
    name: 'a dev server that hears keys',
    argv: node(
      `process.stdin.setRawMode(true); process.stdin.on('data', () => 0); console.log('  Local: http://127.0.0.1:1/'); console.log('  press h + enter to show help')`,
    ),
  },
  { name: 'tail -f', argv: sh('echo "Ready?" > /tmp/needs-tail-$$; exec tail -f /tmp/needs-tail-$$') },
  { name: 'cat with open stdin and whole lines', on: 'pipe', argv: ['cat'], typed: 'What?\n' },
  { name: 'cat that gave back half a line', on: 'pipe', argv: ['cat'], typed: '{"id":1}' },
  { name: 'cat in a terminal that somebody types into', argv: ['cat'], typed: 'half a li' },
  {
    name: 'a language server on pipes',
    on: 'pipe',
    argv: node(
      `process.stdout.write('Content-Length: 8\\r\\n\\r\\n{"id":1}'); process.stdin.on('data', () => 0)`,
    ),
  },
  { name: 'a computation', argv: node(`process.stdout.write('Solving: '); for (;;);`) },
  { name: 'output that does not end', argv: sh('while :; do printf "again? "; sleep 0.05; done') },
  { name: 'something that waits for its child', argv: bash('printf "Waiting for tests: "; sleep 60 & wait') },
  { name: 'a stopped program', argv: bash('printf "Name? "; kill -STOP $$; read a') },
  {
    name: 'what reads a file',
    argv: bash('mkfifo /tmp/needs-fifo-$$; printf "Input? "; cat < /tmp/needs-fifo-$$'),
  },
];

export function specOf({ argv, on }: Sleeper): SpawnSpec {
  const { PATH = '', HOME = '/tmp' } = process.env;
  const tty = on !== 'pipe';
  const env = {
    PATH,
    HOME,
    TERM: 'xterm-256color',
    LC_ALL: 'C.UTF-8',
    INPUTRC: '/dev/null',
    NO_COLOR: '1',
    HISTFILE: '',
  };
  return { argv, cwd: '/tmp', env, tty, pipeStdin: !tty };
}
