/** Where a sandbox here and one of the reference differ, so that both stand side by side in the table of conformance. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { kind } from './target.js';
import { managed, NOBODY, sandboxOf, special } from './sandboxPayload.js';
import { startParams, type Proc } from './session.js';
import { bothUsers } from './users.js';

interface Probe {
  readonly name: string;
  /** A shell line, or the script of a Node. */
  readonly script: string;
  readonly isNode?: boolean;
  readonly tty?: boolean;
  /** What it writes, here and there. */
  readonly here: RegExp;
  readonly there: RegExp;
}

const LISTEN = `const n = require('net');
  const s = n.createServer((c) => c.end('own')).on('error', (e) => console.log(e.code));
  s.listen(0, '127.0.0.1', () => n.connect(s.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); s.close(); }))`;
const PAIR = `const c = require('child_process').spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });
  c.on('error', (e) => console.log(e.code)).stdin?.on('error', (e) => console.log(e.code)).end('paired')`;
const SEND = `perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die "no pair: $!";
  defined(send(A, "sent", 0)) or die "not: $!"; sysread(B, $got, 4); print $got'`;
const IO_URING = 425;
const PTRACE = process.arch === 'arm64' ? 117 : 101;
const call = (number: number, ...args: number[]): string =>
  `perl -e 'print syscall(${[number, ...args].join(', ')}) < 0 ? "not: $!" : "done"'`;

const PROBES: readonly Probe[] = [
  { name: 'its own TCP server', script: LISTEN, isNode: true, here: /own/, there: /EPERM/ },
  { name: 'a pair of sockets', script: PAIR, isNode: true, here: /paired/, there: /paired/ },
  { name: 'sending through a pair of sockets', script: SEND, here: /^sent/, there: /not: .*not permitted/ },
  { name: 'io_uring', script: call(IO_URING, 1, 0), here: /not permitted/, there: /not permitted/ },
  { name: 'ptrace', script: call(PTRACE, 0, 0, 0, 0), here: /not permitted/, there: /not permitted/ },
  {
    name: 'job control of a shell in a terminal',
    script: `bash --norc -ic 'set -o | grep monitor; sleep 100 & jobs; kill %1'`,
    tty: true,
    here: /monitor\s+on[^]*Running +sleep 100/,
    there: /no job control/,
  },
  {
    name: 'reading what this user may read',
    script: 'cat /etc/passwd',
    here: /^root:/,
    there: /^root:/,
  },
  {
    name: 'a hard link to a file outside',
    script: 'ln /etc/passwd x',
    here: /cross-device/,
    there: /cross-device/,
  },
];

const isReference = kind === 'reference';

describe('probes of sandboxes', () => {
  for (const { name, script, isNode = false, tty = false, here, there } of PROBES)
    bothUsers(`sandbox: probe: ${name}: ${here.source} here, ${there.source} there`, async ({ w }) => {
      const argv = isNode ? [process.execPath, '-e', script] : ['/bin/sh', '-c', script];
      const proc = await w.session.start(argv, { ...w.params(), tty });
      await proc.closed();
      assert.match(proc.text(), isReference ? there : here);
    });

  for (const tty of [false, true])
    bothUsers(
      `sandbox: probe: an interrupt ${tty ? 'in a terminal' : 'with pipes'}: handled here, kills there`,
      async ({ w }) => {
        const script = 'trap "echo handled; exit 3" INT; echo up; while :; do sleep 0.05; done';
        const proc: Proc = await w.session.sh(script, { ...w.params(), tty });
        await proc.until('up');
        if (tty) await proc.write('\x03');
        else await proc.signal();
        await proc.closed();
        assert.equal(/handled/.test(proc.text()), !isReference, proc.text());
      },
    );

  bothUsers('sandbox: probe: a program that is not there: refused here, exit 101 there', async ({ w }) => {
    if (isReference) {
      const proc = await w.session.start(['/no/such'], w.params());
      await proc.closed();
      assert.equal(proc.exitCode, 101);
      return;
    }
    const params = { ...startParams(['/no/such']), ...w.params() };
    assert.match((await w.session.client.fails('process/start', params)).message, /No such file/);
  });

  bothUsers(
    'sandbox: probe: sandboxType of "external" with the network on: none here, linuxSeccomp there',
    async ({ w }) => {
      const sandbox = sandboxOf({ type: 'external', network: 'enabled' }, [w.root]);
      const proc = await w.session.start(['/bin/true'], { ...w.params(), sandbox });
      await proc.closed();
      assert.equal(proc.started['sandboxType'], isReference ? 'linuxSeccomp' : 'none');
    },
  );

  bothUsers('sandbox: probe: a word that sounds like a denial: no denial here, one there', async ({ w }) => {
    const proc = await w.run('echo "about seccomp"; exit 1');
    assert.equal((await proc.exited()).params['sandboxDenied'], isReference);
  });

  bothUsers('sandbox: probe: the whole disk may be written, .git in it too', async ({ w }) => {
    const sandbox = sandboxOf(managed([special('root', 'write')]), [w.root]);
    const proc = await w.session.sh('echo x >> .git/config && echo done', { ...w.params(), sandbox });
    await proc.closed();
    assert.match(proc.text(), /done/);
  });

  bothUsers('sandbox: probe: reading what only root may read', async ({ w, user }) => {
    assert.match(await w.text('cat /etc/shadow'), user === 'root' ? /^root:/ : /Permission denied/);
  });

  bothUsers('sandbox: probe: a set-user-ID program gets no other rights', async ({ w, user }) => {
    const program = w.at('w/id');
    const [own, other] = user === 'root' ? [0, NOBODY] : [NOBODY, 0];
    copyFileSync('/usr/bin/id', program);
    if (process.getuid?.() === 0) {
      chownSync(program, other, other);
      chmodSync(program, 0o4755);
      assert.equal(await w.session.text(`${program} -u`), String(other), 'outside it does');
    }
    assert.equal(await w.text('./id -u'), String(own));
  });
});
