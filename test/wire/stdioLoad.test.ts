import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { both, ours } from './cases.js';
import { BURST } from './fixtures.js';
import { gone, residentBytes, stalled } from './procfs.js';
import { startParams, uri } from './session.js';
import { StdioServer } from './stdioServer.js';

const MIB = 1 << 20;

describe('much on stdin and stdout', () => {
  both(
    'order: a client that stops reading stops the child; memory stays flat, nothing is lost',
    async (t) => {
      const flood = 128 * MIB;
      const { server, session } = await StdioServer.session(t);
      const { client } = session;
      const sumFile = `${await t.dir()}/sum`;
      const script = 'echo "$$" > "$1.pid"; exec "$2" "$3" "$4" "$1"';
      const argv = ['/bin/sh', '-c', script, 'sh', sumFile, ...BURST, String(flood)];
      const before = residentBytes(server.pid);
      const hash = createHash('sha256');
      let bytes = 0;
      let paused = (): void => undefined;
      const stopped = new Promise<void>((resolve) => (paused = resolve));
      const closed = new Promise<void>((resolve) => {
        client.sink = ({ method, params }) => {
          const data = Buffer.from(params?.chunk ?? '', 'base64');
          if (bytes === 0 && data.length > 0) {
            client.socket.pause();
            paused();
          }
          hash.update(data);
          bytes += data.length;
          if (method === 'process/closed') resolve();
        };
      });
      client.post('process/start', startParams(argv));
      await stopped;
      const written = await stalled(Number(await readFile(`${sumFile}.pid`, 'utf8')));
      assert.ok(written > 0 && written < 64 * MIB, `the child wrote ${String(written >> 20)} MiB`);
      assert.equal(existsSync(sumFile), false);
      const grown = residentBytes(server.pid) - before;
      assert.ok(grown < 64 * MIB, `the server grew by ${String(grown >> 20)} MiB`);
      client.socket.resume();
      await closed;
      assert.equal(bytes, flood);
      assert.equal(hash.digest('hex'), await readFile(sumFile, 'utf8'));
    },
  );

  ours('bounds: while nobody reads, a process can still be ended', async (t) => {
    const { session } = await StdioServer.session(t);
    const proc = await session.sh('echo "me=$$"; exec yes');
    const pid = await proc.number('me');
    session.client.socket.pause();
    await stalled(pid);
    session.client.post('process/terminate', { processId: proc.id });
    await gone(pid);
  });

  ours('bounds: a line of just under 64 MiB is accepted, a larger one ends the server', async (t) => {
    const { server, session } = await StdioServer.session(t);
    const { client } = session;
    client.send({ id: 'big', method: 'environment/status', pad: 'x'.repeat(64 * MIB - 200) });
    assert.deepEqual(await client.settle('big'), { status: 'ready' });
    client.send({ id: 'huge', method: 'environment/status', pad: 'x'.repeat(64 * MIB + 1) });
    assert.equal(await server.exit, 0);
    assert.match(server.stderr, /more than 67108864 bytes/);
    assert.equal(
      client.log.some((m) => m.id === 'huge'),
      false,
    );
  });

  both('transport: an answer of 20 MiB comes as one line', async (t) => {
    const { session } = await StdioServer.session(t);
    const path = `${await t.dir()}/big`;
    const data = Buffer.alloc(20 * MIB, 7);
    await writeFile(path, data);
    const { dataBase64 } = await session.client.call('fs/readFile', { path: uri(path) });
    assert.ok(Buffer.from(String(dataBase64), 'base64').equals(data));
  });
});
