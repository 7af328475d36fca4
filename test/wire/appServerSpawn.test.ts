import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { bothApp } from './cases.js';
import { appServer, spawnParams } from './appServerClient.js';
import type { Json } from './client.js';
import { gone } from './procfs.js';
import { b64 } from './session.js';
import { serverEnv } from './target.js';

const TRUE = ['/bin/true'];
const FAILED = 'failed to spawn process: ';

describe('process/spawn', () => {
  bothApp('app-server: {} once it runs, then the exit with all text', async (t) => {
    const { client } = await appServer(t);
    const params = spawnParams(['/bin/sh', '-c', 'echo out; echo err >&2; exit 3']);
    const id = client.post('process/spawn', params);
    assert.deepEqual(await client.settle(id), {});
    const exited = await client.wait('the exit', () => client.log.find((m) => m.method === 'process/exited'));
    assert.deepEqual(exited.params, {
      processHandle: params['processHandle'],
      exitCode: 3,
      outputDrainTimedOut: false,
      stdout: 'out\n',
      stdoutCapReached: false,
      stderr: 'err\n',
      stderrCapReached: false,
    });
    const own = client.log.filter((m) => m.id === id || m.method?.startsWith('process/'));
    assert.equal(own[0]?.id, id);
  });

  for (const [more, code, message] of [
    [{ command: [] }, -32600, 'command must not be empty'],
    [{ processHandle: '' }, -32600, 'processHandle must not be empty'],
    [{ timeoutMs: -5 }, -32602, 'process/spawn timeoutMs must be non-negative, got -5'],
    [{ size: { rows: 1, cols: 1 } }, -32602, 'process/spawn size requires tty: true'],
    [{ tty: true, size: { rows: 0, cols: 1 } }, -32602, 'process size rows and cols must be greater than 0'],
    [{ command: ['/no/such'] }, -32603, 'failed to spawn process: No such file or directory (os error 2)'],
  ] as [Json, number, string][]) {
    bothApp(`app-server: refused: ${message}`, async (t) => {
      const { client } = await appServer(t);
      assert.deepEqual(await client.fails('process/spawn', spawnParams(TRUE, more)), { code, message });
    });
  }

  bothApp('app-server: cwd is an absolute native path, dots resolved', async (t) => {
    const server = await appServer(t);
    assert.equal((await server.run('pwd', { cwd: '/usr/./bin/..' }))['stdout'], '/usr\n');
    for (const cwd of ['.', 'a/b', '~', 'file:///', '']) {
      assert.equal((await server.client.fails('process/spawn', spawnParams(TRUE, { cwd }))).code, -32600);
    }
  });

  for (const tty of [false, true]) {
    bothApp(`app-server: what cannot be run ${tty ? 'in a terminal' : 'with pipes'} is -32603`, async (t) => {
      const { client } = await appServer(t);
      const dir = await t.dir();
      await writeFile(`${dir}/plain`, 'x');
      for (const [more, text] of [
        [{ command: [`${dir}/gone`] }, /^No such file or directory \(os error 2\)$/],
        [{ command: [`${dir}/plain`] }, /^Permission denied \(os error 13\)$/],
        [{ command: [dir] }, /^Permission denied \(os error 13\)$/],
        [{ command: ['no-such-program'] }, tty ? /no-such-program/ : /^No such file or directory/],
        [{ command: ['true', 'a\0b'] }, tty ? /nul byte/i : /^nul byte found in provided data$/],
        // The reference starts a terminal in the home folder instead.
        ...(tty
          ? []
          : [
              [{ cwd: `${dir}/gone` }, /^No such file/] as const,
              [{ cwd: `${dir}/plain` }, /^Not a directory/] as const,
            ]),
      ] as [Json, RegExp][]) {
        const { code, message } = await client.fails('process/spawn', spawnParams(TRUE, { tty, ...more }));
        assert.equal(code, -32603, message);
        assert.ok(message.startsWith(FAILED), message);
        assert.match(message.slice(FAILED.length), text);
      }
    });
  }

  bothApp("app-server: env is laid over the server's, null removes a name", async (t) => {
    t.needsLocal();
    const server = await appServer(t);
    const script = 'echo "$WIRE_MARK,$WIRE_TOKEN,$NEW"';
    const { WIRE_MARK: mark, WIRE_TOKEN: token } = serverEnv as Record<string, string>;
    for (const env of [undefined, null, {}])
      assert.equal((await server.run(script, { env }))['stdout'], `${mark},${token},\n`);
    const changed = await server.run(script, { env: { WIRE_MARK: null, NEW: 'x' } });
    assert.equal(changed['stdout'], `,${token},x\n`);
  });

  bothApp('app-server: a handle in use is refused, and free after the exit was reported', async (t) => {
    const server = await appServer(t);
    const first = await server.spawn(['/bin/cat'], { processHandle: 'a"b', streamStdin: true });
    assert.deepEqual(
      await server.client.fails('process/spawn', spawnParams(TRUE, { processHandle: 'a"b' })),
      {
        code: -32600,
        message: 'duplicate active process handle: "a\\"b"',
      },
    );
    await first.call('kill');
    await first.exited();
    await server.spawn(TRUE, { processHandle: 'a"b' });
  });

  bothApp('app-server: a handle is free when the spawn failed', async (t) => {
    const server = await appServer(t);
    await server.client.fails('process/spawn', spawnParams(['/no/such'], { processHandle: 'h' }));
    await server.spawn(TRUE, { processHandle: 'h' });
  });

  bothApp('app-server: handles belong to the connection', async (t) => {
    const [one, two] = [await appServer(t), await appServer(t)];
    await one.spawn(['/bin/sleep', '60'], { processHandle: 'h' });
    assert.deepEqual(await two.client.fails('process/kill', { processHandle: 'h' }), {
      code: -32600,
      message: 'no active process for process handle "h"',
    });
    await two.spawn(TRUE, { processHandle: 'h' });
  });

  bothApp('app-server: a terminal of the given size, or 24 by 80', async (t) => {
    const server = await appServer(t);
    for (const [size, text] of [
      [{ rows: 5, cols: 7 }, '5 7'],
      [null, '24 80'],
      [undefined, '24 80'],
    ]) {
      const handle = await server.sh('stty size', { tty: true, size });
      const { stdout } = await handle.exited();
      assert.equal(handle.text().trim(), text);
      assert.equal(stdout, '');
    }
  });

  bothApp('app-server: a terminal streams both ways without being asked to', async (t) => {
    const server = await appServer(t);
    for (const more of [{}, { streamStdin: false, streamStdoutStderr: false }]) {
      const handle = await server.sh('read x; echo "got $x"', { tty: true, ...more });
      await handle.call('writeStdin', { deltaBase64: b64('it\n') });
      assert.equal((await handle.exited())['stdout'], '');
      assert.match(handle.text(), /got it/);
    }
  });

  bothApp('app-server: the time limit ends the process group', async (t) => {
    const server = await appServer(t);
    const handle = await server.sh('sleep 60 & echo $!; wait', { timeoutMs: 1000, streamStdoutStderr: true });
    assert.equal((await handle.exited())['exitCode'], 124);
    await gone(Number(handle.text()));
  });

  bothApp('app-server: the time limit gives 124', async (t) => {
    const server = await appServer(t);
    for (const timeoutMs of [0, 100])
      assert.equal((await server.run('sleep 60', { timeoutMs }))['exitCode'], 124);
    assert.equal((await server.run('sleep 0.2', { timeoutMs: null }))['exitCode'], 0);
  });

  bothApp('app-server: the time limit is 10 s when absent', async (t) => {
    t.slow(30_000);
    const server = await appServer(t);
    assert.equal((await server.run('sleep 20'))['exitCode'], 124);
  });

  bothApp('app-server: its processes end with the connection', async (t) => {
    const server = await appServer(t);
    const handle = await server.sh('sleep 60 & echo $! $$; exec sleep 60', { streamStdoutStderr: true });
    const pids = (await handle.until('\n')).trim().split(' ').map(Number);
    await server.client.drop();
    for (const pid of pids) await gone(pid);
  });
});
