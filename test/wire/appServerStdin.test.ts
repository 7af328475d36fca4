import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { bothApp } from './cases.js';
import { Failure } from './client.js';
import { appServer } from './appServerClient.js';
import { alive, gone } from './procfs.js';
import { b64 } from './session.js';

const NEITHER = 'process/writeStdin requires deltaBase64 or closeStdin';

describe('process/writeStdin, resizePty and kill', () => {
  bothApp('app-server: writes, then closes', async (t) => {
    const handle = await (await appServer(t)).spawn(['/bin/cat'], { streamStdin: true });
    assert.deepEqual(await handle.call('writeStdin', { deltaBase64: b64('a') }), {});
    assert.deepEqual(await handle.call('writeStdin', { deltaBase64: b64('b'), closeStdin: true }), {});
    assert.equal((await handle.exited())['stdout'], 'ab');
  });

  bothApp('app-server: writes may be sent right behind the spawn, in order', async (t) => {
    const { client } = await appServer(t);
    client.post('process/spawn', { command: ['/bin/cat'], processHandle: 'h', cwd: '/', streamStdin: true });
    for (const text of ['1', '2', '3'])
      client.post('process/writeStdin', { processHandle: 'h', deltaBase64: b64(text) });
    client.post('process/writeStdin', { processHandle: 'h', closeStdin: true });
    const exited = await client.wait('the exit', () => client.log.find((m) => m.method === 'process/exited'));
    assert.equal(exited.params?.['stdout'], '123');
  });

  bothApp('app-server: writes and a close are answered before the process reads them', async (t) => {
    const go = `${await t.dir()}/go`;
    const script = `while [ ! -e ${go} ]; do sleep 0.05; done; exec wc -c`;
    const handle = await (await appServer(t)).sh(script, { streamStdin: true });
    const large = 'x'.repeat(1 << 20);
    for (const text of [large, 'a', 'b']) await handle.call('writeStdin', { deltaBase64: b64(text) });
    assert.deepEqual(await handle.call('writeStdin', { deltaBase64: b64('c'), closeStdin: true }), {});
    await writeFile(go, '');
    assert.equal((await handle.exited())['stdout'], `${String(large.length + 3)}\n`);
  });

  bothApp('app-server: what writeStdin refuses', async (t) => {
    const server = await appServer(t);
    const handle = await server.spawn(['/bin/cat'], { streamStdin: true });
    for (const more of [{}, { closeStdin: false }, { deltaBase64: null }])
      assert.deepEqual(await handle.fails('writeStdin', more), { code: -32602, message: NEITHER });
    const bad = await handle.fails('writeStdin', { deltaBase64: '!' });
    assert.equal(bad['code'], -32602);
    assert.match(String(bad['message']), /^invalid deltaBase64: /);
    assert.equal((await handle.fails('writeStdin', { closeStdin: null }))['code'], -32600);
    const deaf = await server.sh('sleep 60');
    assert.deepEqual(await deaf.fails('writeStdin', { deltaBase64: '' }), {
      code: -32600,
      message: 'stdin streaming is not enabled for this process',
    });
  });

  bothApp('app-server: after the close no data, but another close', async (t) => {
    const handle = await (await appServer(t)).sh('exec <&-; sleep 60', { streamStdin: true });
    await handle.call('writeStdin', { closeStdin: true });
    await handle.call('writeStdin', { closeStdin: true });
    assert.deepEqual(await handle.fails('writeStdin', { deltaBase64: b64('x') }), {
      code: -32600,
      message: 'stdin is already closed',
    });
  });

  bothApp('app-server: on a terminal, closing ends a reader like ^D', async (t) => {
    const handle = await (await appServer(t)).spawn(['/bin/cat'], { tty: true });
    await handle.call('writeStdin', { deltaBase64: b64('x\n') });
    await handle.until('x');
    await handle.call('writeStdin', { closeStdin: true });
    assert.equal((await handle.exited())['exitCode'], 0);
  });

  bothApp('app-server: resizePty', async (t) => {
    const server = await appServer(t);
    const handle = await server.sh('read x; stty size', { tty: true });
    assert.deepEqual(await handle.call('resizePty', { size: { rows: 9, cols: 33 } }), {});
    await handle.call('writeStdin', { deltaBase64: b64('\n') });
    await handle.until('9 33');
    const piped = await server.sh('sleep 60');
    assert.deepEqual(await piped.fails('resizePty', { size: { rows: 0, cols: 1 } }), {
      code: -32602,
      message: 'process size rows and cols must be greater than 0',
    });
    assert.deepEqual(await piped.fails('resizePty', { size: { rows: 1, cols: 1 } }), {
      code: -32600,
      message: 'failed to resize PTY: process is not attached to a PTY',
    });
  });

  bothApp('app-server: kill reaches the process group', async (t) => {
    const script = 'trap "" TERM INT HUP; sleep 60 & echo $$ $!; wait';
    const handle = await (await appServer(t)).sh(script, { streamStdoutStderr: true });
    const pids = (await handle.until('\n')).trim().split(' ').map(Number);
    assert.ok(pids.every(alive));
    assert.deepEqual(await handle.call('kill'), {});
    assert.equal((await handle.exited())['exitCode'], 137);
    for (const pid of pids) await gone(pid);
  });

  bothApp('app-server: kill does not wait behind a write into a full pipe', async (t) => {
    const handle = await (await appServer(t)).sh('sleep 60', { streamStdin: true, timeoutMs: null });
    const { client, processHandle } = handle;
    const deltaBase64 = b64(Buffer.alloc(1 << 20));
    const write = client.post('process/writeStdin', { processHandle, deltaBase64 });
    assert.deepEqual(await handle.call('kill'), {});
    assert.equal((await handle.exited())['exitCode'], 137);
    assert.ok(await client.answer(write));
  });

  bothApp('app-server: kill may be repeated until the exit is reported, and gives 137', async (t) => {
    const handle = await (await appServer(t)).sh('trap "" TERM INT; sleep 60');
    const again = handle.call('kill').then(() => handle.call('kill'));
    // It may have ended between the two, which has an error of its own.
    await again.catch((error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.match(error.body.message, /^(process "[^"]+" is no longer running|no active process for .*)$/);
    });
    assert.equal((await handle.exited())['exitCode'], 137);
    assert.equal((await handle.fails('kill'))['code'], -32600);
  });

  bothApp('app-server: an unknown handle', async (t) => {
    const { client } = await appServer(t);
    for (const [method, more] of [
      ['process/writeStdin', { closeStdin: true }],
      ['process/resizePty', { size: { rows: 1, cols: 1 } }],
      ['process/kill', {}],
    ] as const) {
      assert.deepEqual(await client.fails(method, { processHandle: 'h', ...more }), {
        code: -32600,
        message: 'no active process for process handle "h"',
      });
    }
  });
});
