import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { chmodSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Case } from './cases.js';
import { gone } from './procfs.js';
import { managed, sandboxOf, WORKSPACE_WRITE } from './sandboxPayload.js';
import { PATH, uri, type Proc } from './session.js';
import { bothUsers, oursUsers } from './users.js';

/** A server of the host that says how many have come. */
async function listen(t: Case, at: string | number): Promise<{ port: number; seen: () => number }> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    socket.end('hello');
  });
  if (typeof at === 'string') server.listen(at);
  else server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  t.defer(() => server.close());
  const address = server.address();
  return { port: typeof address === 'string' ? 0 : (address as AddressInfo).port, seen: () => count };
}

/** A socket of the host for datagrams, which says how many have come. */
async function hear(t: Case): Promise<{ port: number; seen: () => number }> {
  let count = 0;
  const socket = createSocket('udp4', () => count++);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.defer(() => socket.close());
  return { port: socket.address().port, seen: () => count };
}

const connect = (where: string): string =>
  `const s=require('net').connect(${where});s.on('error',e=>{console.log(e.code);process.exit(1)});s.on('data',d=>console.log(String(d)))`;

describe('what a sandboxed command can reach', () => {
  bothUsers('sandbox: without network it connects to nothing of the host', async ({ t, w }) => {
    const [tcp, unix] = [await listen(t, 0), await listen(t, join(w.root, 'socket'))];
    const outside = async (script: string, params = {}): Promise<Proc> => {
      const proc = await w.session.start([process.execPath, '-e', script], params);
      await proc.closed();
      return proc;
    };
    const node = async (script: string): Promise<string> => (await outside(script, w.params())).text();
    assert.match(await node(connect(`${tcp.port},'127.0.0.1'`)), /EPERM|ECONNREFUSED/);
    assert.match(await node(connect(`'${w.root}/socket'`)), /EPERM/);
    assert.match(await node(connect(`'\\\\0wire'`)), /EPERM/);
    const { port, seen } = await hear(t);
    const datagram = `const s=require('dgram').createSocket('udp4').on('error',e=>console.log(e.code));
      s.send('x',${port},'127.0.0.1',e=>{console.log(e?.code??'sent');s.close()})`;
    assert.match(await node(datagram), /EPERM|sent/);
    assert.match((await outside(datagram)).text(), /sent/);
    await w.session.client.wait('the datagram from outside', () => seen() > 0 || undefined);
    assert.deepEqual([tcp.seen(), unix.seen(), seen()], [0, 0, 1]);
  });

  bothUsers('sandbox: with network it is that of the host', async ({ t, w }) => {
    const { port } = await listen(t, 0);
    const socket = join(w.root, 'socket');
    await listen(t, socket);
    chmodSync(socket, 0o777);
    for (const where of [`${port},'127.0.0.1'`, `'${socket}'`]) {
      const argv = [process.execPath, '-e', connect(where)];
      const proc = await w.session.start(argv, w.params([], 'enabled'));
      await proc.closed();
      assert.match(proc.text(), /hello/, where);
    }
  });

  bothUsers('sandbox: "external" leaves the files to others, but not the network', async ({ t, w }) => {
    const { port, seen } = await listen(t, 0);
    const proc = await w.session.start([process.execPath, '-e', connect(`${port},'127.0.0.1'`)], {
      ...w.params(),
      sandbox: sandboxOf({ type: 'external', network: 'restricted' }, [w.root]),
    });
    await proc.closed();
    assert.notEqual(proc.exitCode, 0);
    assert.equal(seen(), 0);
  });

  oursUsers(
    'sandbox: its own loopback and pairs of sockets work',
    async ({ w }) => {
      const script = `const n=require('net');const s=n.createServer(c=>c.end('own')).listen(0,'127.0.0.1',()=>
        n.connect(s.address().port,'127.0.0.1').on('data',d=>{console.log(String(d));s.close()}))`;
      const proc = await w.session.start([process.execPath, '-e', script], w.params());
      await proc.closed();
      assert.match(proc.text(), /own/);
      const pair =
        'require("child_process").spawn("cat",{stdio:["pipe","inherit","inherit"]}).stdin.end("paired")';
      const piped = await w.session.start([process.execPath, '-e', pair], w.params());
      await piped.closed();
      assert.match(piped.text(), /paired/);
    },
    'the reference refuses the loopback',
  );

  bothUsers(
    'sandbox: processes outside are not seen, and a signal to all is one to its own',
    async ({ w }) => {
      const other = await w.session.sh('echo me=$$; sleep 1000');
      const pid = await other.number('me');
      assert.match(await w.text(`kill -9 ${pid} 2>&1; ls -d /proc/${pid} 2>&1`), /No such/);
      assert.match(await w.text(`cat /proc/${pid}/environ`), /No such/);
      await w.run('sleep 1000 & kill -9 -1');
      assert.equal(await w.text('echo still'), 'still');
      await other.terminate();
      await gone(pid);
    },
  );

  bothUsers('sandbox: nothing is typed into a terminal by a call', async ({ w }) => {
    const typing = 'my $char = "x"; print ioctl(STDIN, 0x5412, $char) ? "typed" : "not: $!"';
    const proc = await w.session.start(['perl', '-e', typing], { ...w.params(), tty: true });
    await proc.closed();
    assert.match(proc.text(), /not: /);
  });

  bothUsers('sandbox: what runs in the background ends with the command', async ({ w }) => {
    const proc = await w.run('(setsid sleep 1000) & echo done');
    assert.match(proc.text(), /done/);
    assert.equal(proc.exitCode, 0);
  });

  bothUsers('sandbox: argv[0] is kept', async ({ w }) => {
    const proc = await w.session.start(['/bin/sh', '-c', 'cat /proc/$$/cmdline | head -c 4'], {
      ...w.params(),
      arg0: 'name',
    });
    await proc.closed();
    assert.equal(proc.text(), 'name');
  });

  oursUsers(
    'sandbox: the environment is the one that was asked for, and bubblewrap takes nothing of it',
    async ({ w }) => {
      const env = { PATH, TMPDIR: w.at('tmp'), LD_PRELOAD: '', LANG: 'C', EMPTY: '', 'A B': 'c\nd' };
      const proc = await w.session.start(['/usr/bin/env', '-0'], { ...w.params(), env });
      await proc.closed();
      const entries = proc.text().split('\0').filter(Boolean).sort();
      assert.deepEqual(
        entries,
        Object.entries(env)
          .map(([name, value]) => `${name}=${value}`)
          .sort(),
      );
      // A library of the command's choice must not be loaded into what makes the sandbox.
      const trap = await w.session.start(['/bin/sh', '-c', 'true'], {
        ...w.params(),
        env: { PATH, LD_DEBUG: 'files', LD_DEBUG_OUTPUT: w.at('out/loaded') },
      });
      await trap.closed();
      assert.equal(await w.text(`ls ${w.at('out')}`), '');
    },
    'the reference hands all of it to its helper',
  );

  oursUsers(
    'sandbox: a program or folder that is not there, or not to be seen, is the usual error',
    async ({ w }) => {
      for (const tty of [false, true]) {
        const params = { ...w.params(), processId: `p${String(tty)}`, argv: ['/no/such'], tty };
        assert.match((await w.session.client.fails('process/start', params)).message, /No such file/);
        const there = { ...params, argv: ['true'], cwd: uri(w.at('nowhere')) };
        assert.match((await w.session.client.fails('process/start', there)).message, /No such file/);
        const hidden = [
          ...WORKSPACE_WRITE,
          { path: { type: 'path', path: uri(w.at('out')) }, access: 'deny' },
        ];
        const sandbox = sandboxOf(managed(hidden), [w.root]);
        const error = await w.session.client.fails('process/start', {
          ...there,
          cwd: uri(w.at('out')),
          sandbox,
        });
        assert.equal(error.code, -32602);
        assert.match(error.message, /may not see its own folder/);
      }
    },
    'the reference runs it in another folder, or ends with 101',
  );
});
