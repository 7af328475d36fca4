import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dial, findWindow, foldersIn } from '../../src/agents/discovery';
import { ours, type Case } from './cases.js';
import { path, sandboxOf, Workspace } from './sandboxPayload.js';
import { handshake, type Proc, type Session } from './session.js';
import { stateFolder, type Server } from './target.js';

const NO_REFERENCE = 'the reference lets them in';
const { windows } = foldersIn(join(stateFolder, 'exec-server'));

async function workspace(t: Case, session?: Session): Promise<Workspace> {
  if (process.platform !== 'linux') t.skip('for Linux');
  return Workspace.make(t, session ?? (await t.session()));
}

/** Asks for an upgrade and says what became of it. */
const knock = ({ url }: Server): string =>
  `require('http').get('http://${url.host}${url.pathname}', { headers: { connection: 'upgrade', upgrade: 'websocket',
    'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' } })
    .on('upgrade', () => { console.log('came in'); process.exit() })
    .on('response', (r) => { console.log(r.statusCode); r.on('data', (d) => console.log(String(d))).on('end', () => process.exit()) })
    .on('error', (e) => { console.log(e.code); process.exit() })`;

async function node(script: string, proc: (argv: string[]) => Promise<Proc>): Promise<string> {
  const run = await proc([process.execPath, '-e', script]);
  await run.closed();
  return run.text();
}

describe('the doors of servers, seen from inside of a sandbox', () => {
  ours(
    'sandbox: with network and the token it comes in nowhere, and others do meanwhile',
    async (t) => {
      const w = await workspace(t);
      const own = await t.server();
      const servers = [own, await t.openServer(), await t.ownServer()];
      const inside = w.params([], 'enabled');
      for (const server of servers) {
        assert.match(await node(knock(server), (argv) => w.session.start(argv, inside)), /403[^]*sandbox/);
        assert.equal(await node(knock(server), (argv) => w.session.start(argv)), 'came in\n');
      }
      const long = await w.session.sh('echo up; read line', { ...inside, pipeStdin: true });
      await long.until('up');
      for (const server of servers) {
        assert.equal(await node(knock(server), (argv) => w.session.start(argv)), 'came in\n');
        assert.equal(await (await t.session(server)).text('echo ran'), 'ran');
      }
      await long.write('\n');
      await long.closed();
    },
    NO_REFERENCE,
  );

  ours(
    'sandbox: a connection that is on its way between two processes comes in nowhere',
    async (t) => {
      const w = await workspace(t);
      if ((await w.session.run('python3 -c ""')).exitCode !== 0) t.skip('needs python3');
      const { url } = await t.server();
      const lines = [
        `GET ${url.pathname} HTTP/1.1`,
        `Host: ${url.host}`,
        'Connection: upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ];
      // While the server looks, no process holds the descriptor.
      const script = [
        'import os, socket, time',
        `s = socket.create_connection(('127.0.0.1', ${url.port}))`,
        'a, b = socket.socketpair()',
        'socket.send_fds(a, [b"x"], [s.fileno()])',
        `s.sendall(${JSON.stringify(`${lines.join('\r\n')}\r\n\r\n`)}.encode())`,
        's.close()',
        'time.sleep(2)',
        'print(os.read(socket.recv_fds(b, 1, 1)[1][0], 12).decode())',
      ].join('\n');
      const proc = await w.session.start(['python3', '-c', script], w.params([], 'enabled'));
      await proc.closed();
      assert.equal(proc.text().trim(), 'HTTP/1.1 403');
    },
    NO_REFERENCE,
  );

  ours(
    'sandbox: private sockets are hidden, and closed to those who are shown one',
    async (t) => {
      const folder = await t.dir();
      const w = await workspace(t, await t.session(await t.ownServer(['--workspace', folder])));
      const { socket } = findWindow(folder, windows);
      assert.match(await w.text(`ls ${windows} 2>&1`), /Permission denied/);
      const script = `const s=require('net').connect('${socket}', () => s.write('{"door":"wire"}\\n'));
        s.on('error', (e) => console.log(e.code)).on('data', (d) => { console.log(String(d)); process.exit() })`;
      const hidden = await node(script, (argv) => w.session.start(argv, w.params([], 'enabled')));
      assert.match(hidden, /EACCES|ENOENT/);
      const shown = w.params([path(socket, 'write')], 'enabled');
      assert.match(await node(script, (argv) => w.session.start(argv, shown)), /error[^]*sandbox/);
      const outside = await dial(findWindow(folder, windows), 'wire');
      outside.destroy();
    },
    NO_REFERENCE,
  );

  ours(
    'sandbox: files with tokens are hidden, whatever was asked for',
    async (t) => {
      const dir = await t.dir();
      const [toml, token] = [join(stateFolder, 'environments.toml'), join(dir, 'token')];
      for (const file of [toml, token]) writeFileSync(file, 'a-token-of-thirty-two-bytes-or-more');
      t.defer(() => rmSync(toml));
      const args = ['--ws-auth', 'capability-token', '--ws-token-file', token];
      const server = await t.ownServer(args);
      const client = await t.connect(server, { authorization: 'Bearer a-token-of-thirty-two-bytes-or-more' });
      const w = await workspace(t, await handshake(client));
      const external = sandboxOf({ type: 'external', network: 'restricted' }, [w.root]);
      for (const more of [
        w.params(),
        w.params([path(dir, 'write')], 'enabled'),
        { ...w.params(), sandbox: external },
      ])
        for (const file of [toml, token]) {
          const proc = await w.session.sh(`cat '${file}'; ls -d '${file}'`, more);
          await proc.closed();
          assert.doesNotMatch(proc.text(), /thirty-two/);
          assert.match(proc.text(), /Permission denied|No such device/);
        }
    },
    NO_REFERENCE,
  );
});
