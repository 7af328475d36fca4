import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ours, type Case } from './cases.js';
import { overLines } from './lineSocket.js';
import { alive, gone } from './procfs.js';
import { handshake, uri } from './session.js';
import { stateFolder } from './target.js';
import { web } from './webServer.js';

const NO_REFERENCE = 'the reference has none';
const program = fileURLToPath(new URL('../../dist/doors.js', import.meta.url));

function door(
  cwd: string,
  args: readonly string[],
  input: 'pipe' | 'ignore' = 'ignore',
  more: NodeJS.ProcessEnv = {},
) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    stdio: [input, 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: stateFolder, ...more },
  });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, exit };
}

/** `connect` in a folder, with the client that speaks through it. */
function connected(t: Case, folder: string) {
  const { child, exit } = door(folder, ['connect'], 'pipe');
  const kill = (): void => void child.kill('SIGKILL');
  t.defer(kill);
  return { child, exit, client: overLines(child.stdout!, child.stdin!, kill) };
}

describe('the programs that agents name', () => {
  ours(
    'transport: connect carries the wire of the server of its folder on stdin and stdout',
    async (t) => {
      const folder = await t.dir();
      await t.ownServer(['--workspace', folder]);
      const { child, exit, client } = connected(t, folder);
      const session = await handshake(client);
      const big = await session.run('head -c 3000000 /dev/zero | tr "\\0" x; echo err >&2; exit 3');
      assert.deepEqual(
        [big.bytes('stdout').length, big.text('stderr'), big.exitCode],
        [3_000_000, 'err\n', 3],
      );
      child.stdin?.end();
      assert.deepEqual(await exit, [0, null]);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: connect goes on with the next server of its folder, and its client waits for nothing of the first',
    async (t) => {
      const folder = await t.dir();
      const first = await t.ownServer(['--workspace', folder]);
      const { child, exit, client } = connected(t, folder);
      const session = await handshake(client);
      const [piped, inTerminal, left] = [
        await session.sh('echo begun; exec sleep 600'),
        await session.sh('echo begun; exec sleep 600', { tty: true, size: { rows: 9, cols: 80 } }),
        await session.sh('sleep 600 & echo begun'),
      ];
      await Promise.all([piped.until('begun'), inTerminal.until('begun'), left.exited()]);
      const reading = client.post('process/read', { processId: piped.id, afterSeq: 1, waitMs: 600_000 });
      const site = await web(t, (_, response) => void response.write('part'));
      const body = { method: 'GET', url: site.url, requestId: 'b', streamResponse: true };
      await client.call('http/request', body);
      const parts = () => client.log.flatMap((m) => (m.params?.['requestId'] === 'b' ? [m.params] : []));
      await client.wait('a part of the body', () => parts()[0]);

      await first.stop('SIGKILL');
      await assert.rejects(client.settle(reading), /-32000 The editor window was closed or reloaded/);
      for (const proc of [piped, inTerminal, left]) {
        await proc.closed();
        const numbers = proc.events.map(({ seq }) => seq);
        assert.deepEqual(
          numbers,
          [...numbers.keys()].map((index) => index + 1),
        );
      }
      assert.match(piped.text('stderr'), /^\nexec-server: The editor window was closed or reloaded/);
      assert.match(inTerminal.text('pty'), /begun\r\n\nexec-server: The editor window/);
      assert.deepEqual([piped.exitCode, inTerminal.exitCode, left.exitCode], [143, 143, 0]);
      const [, last] = await client.wait('the end of the body', () => (parts()[1] ? parts() : undefined));
      assert.deepEqual([last?.seq, last?.['done']], [2, true]);
      assert.match(String(last?.['error']), /closed or reloaded/);

      // Asked while there is none.
      const asked = session.run('echo "again in $PWD"; exit 4', { cwd: uri(folder) });
      const second = await t.ownServer(['--workspace', folder]);
      const again = await asked;
      assert.deepEqual([again.text(), again.exitCode], [`again in ${folder}\n`, 4]);
      assert.deepEqual(client.log.filter(({ id }) => id === 1).length, 1, 'one answer to one initialize');
      assert.deepEqual(await piped.write('x'), { status: 'unknownProcess' });
      const more = await session.sh('echo more; exec sleep 600');
      await more.until('more');
      await second.stop('SIGTERM');
      await more.closed();
      child.stdin?.end();
      assert.deepEqual(await exit, [0, null]);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: connect ends with its server where its client has opened no session that another could take',
    async (t) => {
      const folder = await t.dir();
      const server = await t.ownServer(['--workspace', folder]);
      const { exit, client } = connected(t, folder);
      assert.match((await client.fails('environment/info', {})).message, /initialize/);
      await server.stop('SIGKILL');
      assert.deepEqual(await exit, [0, null]);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: 50 starts at once by each of two programs that connect are each answered to its own',
    async (t) => {
      const folder = await t.dir();
      await t.ownServer(['--workspace', folder]);
      const sessions = await Promise.all(
        ['a', 'b'].map(async (name) => {
          const { client } = connected(t, folder);
          return { name, session: await handshake(client) };
        }),
      );
      const all = await Promise.all(
        sessions.flatMap(({ name, session }) =>
          Array.from({ length: 50 }, async (_, index) => {
            const { exitCode = -1, text } = await session
              .run(`echo ${name}${index}; exit ${index}`, { processId: `p${index}` })
              .then((proc) => ({ exitCode: proc.exitCode, text: proc.text() }));
            return `${text}${exitCode}`;
          }),
        ),
      );
      const wanted = ['a', 'b'].flatMap((name) =>
        Array.from({ length: 50 }, (_, index) => `${name}${index}\n${index}`),
      );
      assert.deepEqual(all, wanted);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: without a server for its folder, connect says so and what to do',
    async (t) => {
      const { child, exit } = door(await t.dir(), ['connect']);
      const said = await text(child.stderr!);
      assert.deepEqual(await exit, [1, null]);
      assert.match(said, /^exec-server: No editor window with Exec Server is open for .*--workspace/);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: run is as the command itself: streams, folder, environment, input, status, signal',
    async (t) => {
      const folder = await t.dir();
      await t.ownServer(['--workspace', folder]);
      const script = 'pwd; echo "$MARK_X"; cat; printf "a\\000\\377" >&2; exit 7';
      const { child, exit } = door(folder, ['run', '--', '/bin/sh', '-c', script], 'pipe', { MARK_X: 'm' });
      child.stdin?.end('typed\n');
      const [out, err] = await Promise.all([text(child.stdout!), buffer(child.stderr!)]);
      assert.deepEqual(await exit, [7, null]);
      assert.equal(out, `${folder}\nm\ntyped\n`);
      assert.equal(err.toString('latin1'), 'a\0\xff');
      const died = door(folder, ['run', '--', '/bin/sh', '-c', 'kill -TERM $$']);
      assert.deepEqual(await died.exit, [null, 'SIGTERM']);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: what run started ends with it, also by SIGKILL',
    async (t) => {
      const folder = await t.dir();
      await t.ownServer(['--workspace', folder]);
      const { child } = door(folder, ['run', '--', '/bin/sh', '-c', 'echo $$; exec sleep 600']);
      const [line] = (await once(child.stdout!, 'data')) as [Buffer];
      const pid = Number(line.toString());
      assert.ok(alive(pid));
      child.kill('SIGKILL');
      await gone(pid);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: without a server run runs the command here, unless one is required',
    async (t) => {
      const folder = await t.dir();
      const here = door(folder, ['run', '--', '/bin/sh', '-c', 'echo here; exit 5']);
      assert.equal(await text(here.child.stdout!), 'here\n');
      assert.deepEqual(await here.exit, [5, null]);
      const mark = join(folder, 'mark');
      const never = door(folder, ['run', '--required', '--', 'touch', mark]);
      assert.match(await text(never.child.stderr!), /No editor window/);
      assert.deepEqual(await never.exit, [1, null]);
    },
    NO_REFERENCE,
  );
});
