import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { both, ours } from './cases.js';
import { residentBytes } from './procfs.js';
import { bodyOf, get, listen, web } from './webServer.js';

const MIB = 1024 * 1024;

/** Whether this machine lets a test give a process a file of its own in another one's place. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '--bind', '/etc/hosts', '/etc/resolv.conf'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('http/request holds nobody up', () => {
  ours(
    'http: a name server that does not answer keeps nobody waiting but those who ask it',
    async (t) => {
      if (!canMount()) t.skip('needs to be root, or a system that lets users mount');
      const silent = createSocket('udp4');
      silent.bind(53, '127.83.79.83');
      await once(silent, 'listening');
      t.defer(() => silent.close());
      const folder = await t.dir();
      const conf = join(folder, 'resolv.conf');
      const hosts = join(folder, 'hosts');
      writeFileSync(conf, 'nameserver 127.83.79.83\noptions timeout:20 attempts:1\n');
      writeFileSync(hosts, `${readFileSync('/etc/hosts', 'utf8')}\n127.0.0.1 known.test\n`);
      const script = `mount --bind ${conf} /etc/resolv.conf; mount --bind ${hosts} /etc/hosts; exec "$@"`;
      const server = await t.ownServer([], ['unshare', '-m', 'sh', '-c', script, 'sh']);
      const { client } = await t.session(server);
      const slow = Array.from({ length: 16 }, (_, at) =>
        client.post('http/request', get(`http://slow${String(at)}.test/`)),
      );
      const { url } = await web(t);
      const known = url.replace('127.0.0.1', 'known.test');
      const other = await t.session(server);
      assert.equal(
        bodyOf(await other.client.call('http/request', get(known, { timeoutMs: 15_000 }))),
        'hello',
      );
      assert.equal(await other.text('echo started'), 'started');
      assert.ok(await other.client.call('fs/readFile', { path: 'file:///etc/hostname' }));
      const answered = slow.filter((id) => client.log.some((message) => message.id === id));
      assert.deepEqual(answered, [], 'the name server did answer');
    },
    'the reference has threads enough',
  );

  ours(
    'http: bodies that never end are held within a bound, and their memory goes back',
    async (t) => {
      const server = await t.ownServer();
      const resident = (): number => residentBytes(server.pid);
      const part = Buffer.alloc(MIB, 'x');
      let sent = 0;
      const endless = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        for (let at = 0; at < 40; at++) socket.write(part, () => (sent += MIB));
      });
      const url = `http://127.0.0.1:${String(await listen(t, endless))}/`;
      const { client } = await t.session(server);
      const before = resident();
      for (let at = 0; at < 16; at++) client.post('http/request', get(url));
      let most = 0;
      let quiet = 0;
      for (let last = -1; quiet < 5 || sent < 40 * MIB; last = sent) {
        await delay(1000);
        quiet = last === sent ? quiet + 1 : 0;
        most = Math.max(most, resident() - before);
      }
      assert.ok(most < 200 * MIB, `the server grew by ${String(most / MIB)} MiB`);
      const other = await t.session(server);
      assert.equal(bodyOf(await other.client.call('http/request', get((await web(t)).url))), 'hello');
      await client.drop();
      // Nothing tells when it has gone back.
      while (resident() - before > most - 40 * MIB) await delay(200);
    },
    'the reference has no such bound',
  );

  both('http: large bodies at once all come in whole', async (t) => {
    const body = Buffer.alloc(20 * MIB, 'abcdefg');
    const { url } = await web(t, (_, response) => response.end(body));
    const { client } = await t.session();
    const ids = Array.from({ length: 6 }, () => client.post('http/request', get(url)));
    for (const id of ids) {
      const { bodyBase64 } = await client.settle(id);
      assert.ok(Buffer.from(String(bodyBase64), 'base64').equals(body));
    }
  });

  ours(
    'http: what is too much of a request is -32602 and names its bound',
    async (t) => {
      const { client } = await t.session();
      const header = { name: 'h', value: '' };
      const cases = [
        [
          { url: `http://h/${'a'.repeat(8 * MIB)}` },
          /^http\/request url is invalid: it has 8388617 .+ limit is 65536$/,
        ],
        [
          { headers: Array.from({ length: 65_000 }, () => header) },
          /^http\/request headers .+: there are 65000; .+ 8192$/,
        ],
        [
          { headers: [{ ...header, value: 'v'.repeat(2 * MIB) }] },
          /^http\/request headers .+ the limit is 1048576$/,
        ],
      ] as const;
      for (const [more, expected] of cases) {
        const { code, message } = await client.fails('http/request', get('http://127.0.0.1:1/', more));
        assert.equal(code, -32602);
        assert.match(message, expected);
      }
    },
    'the reference has other bounds, or none',
  );
});
