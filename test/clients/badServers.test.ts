/** What is no exec-server: each a sentence that says which environment, what was tried, what happened, what to do. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectError, EnvironmentManager, type Environment } from '../../src/environment';
import { lives } from '../unit/process/helpers';
import { badCases, TIMEOUTS, TOKEN, type Address } from './badCases';
import { webSocket } from './badServers';
import { collectEvents, collectFromReads, readUntilChange, sh, start } from './collect';
import { ourCommand, ourServer } from './ends';

const DISCONNECTED = /^exec-server transport disconnected: /;

describe('what is no exec-server', function () {
  this.timeout(60_000);
  let good: Awaited<ReturnType<typeof ourServer>>;
  let folder: string;
  let manager: EnvironmentManager;
  before(async () => {
    good = await ourServer();
    folder = mkdtempSync(join(tmpdir(), 'bad-'));
    manager = new EnvironmentManager({ connect: TIMEOUTS });
  });
  after(async () => {
    await manager[Symbol.asyncDispose]();
    good.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const environment = (id: string): Environment => manager.get(id) ?? assert.fail(id);

  /** Does something with the environment `bad`, which a command of another one, meanwhile, must not notice. */
  async function beside<T>(bad: Address, act: (bad: Environment) => Promise<T>): Promise<T> {
    assert.deepEqual(
      manager.set(
        [
          { id: 'good', url: good.url },
          { id: 'bad', ...bad },
        ],
        'bad',
      ),
      [],
    );
    const script = sh('read x; echo "still $x"', { pipeStdin: true });
    const other = await start(environment('good').getExecBackend(), script);
    const result = await act(environment('bad'));
    await other.write(Buffer.from('here\n'));
    assert.deepEqual(await collectFromReads(other), { text: 'still here\n', exitCode: 0 });
    return result;
  }

  const sentence = (address: Address): Promise<string> =>
    beside(address, async (bad) => {
      const error: unknown = await start(bad.getExecBackend(), sh('true')).then(
        () => assert.fail('it was started'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof ConnectError, String(error));
      assert.equal(bad.state, 'disconnected');
      assert.equal(bad.problem, error.message);
      assert.ok(!error.message.includes(TOKEN), error.message);
      const prefix = 'environment "bad": ';
      assert.ok(error.message.startsWith(prefix), error.message);
      return error.message.slice(prefix.length);
    });

  for (const { what, server, address, says } of badCases) {
    it(what, async () => {
      const bad = await server?.();
      try {
        assert.match(await sentence(address(bad?.port ?? 0, folder)), says);
      } finally {
        bad?.close();
      }
    });
  }

  it('a wrong token', async () => {
    const { origin } = new URL(good.url);
    assert.match(
      await sentence({ url: `${origin}/`, authBearerToken: TOKEN }),
      /^cannot connect to ws:\/\/127\.0\.0\.1:\d+: it refused the token \(HTTP 401\)\. Copy the URL or token from the server again: it changes with each start$/,
    );
  });

  it('a program that prints a banner first is one', async () => {
    const { program, args } = ourCommand;
    const script = 'echo "Welcome to box"; echo; echo "{}"; exec "$0" "$@"';
    const address = { program: '/bin/sh', args: ['-c', script, program, ...args] };
    const result = await beside(address, async (box) =>
      collectFromReads(await start(box.getExecBackend(), sh('echo in'))),
    );
    assert.deepEqual(result, { text: 'in\n', exitCode: 0 });
  });

  it('leaves no program behind', async () => {
    const pid = join(folder, 'pid');
    const script = `echo $$ >"${pid}"; exec sleep 600`;
    await sentence({ program: '/bin/sh', args: ['-c', script] });
    assert.ok(!lives(Number(readFileSync(pid, 'utf8'))));
  });

  it('a server that turns into something else: what runs there is lost, with the reason', async () => {
    const server = await webSocket((text, socket) => {
      const { id, method } = JSON.parse(text) as { id?: number; method: string };
      if (method === 'process/write') socket.send('Segmentation fault');
      else if (id !== undefined) socket.send(JSON.stringify({ id, result: { sessionId: 's' } }));
    });
    const url = `ws://127.0.0.1:${String(server.port)}`;
    const last = await beside({ url }, async (bad) => {
      const child = await start(bad.getExecBackend(), sh('cat', { pipeStdin: true }));
      const events = collectEvents(child);
      await assert.rejects(child.write(Buffer.from('x')), { message: DISCONNECTED });
      assert.equal(bad.state, 'lost');
      return (await events).at(-1);
    });
    server.close();
    assert.ok(last?.type === 'failed');
    assert.match(
      last.message,
      /^exec-server transport disconnected: ws:.*it sent “Segmentation fault”, which is no message of an exec-server$/,
    );
  });

  it('may become one: the next use tries again', async () => {
    const marker = join(folder, 'up');
    const script = `test -e "${marker}" || exit 3; exec "$0" "$@"`;
    const { program, args } = ourCommand;
    const address = { program: '/bin/sh', args: ['-c', script, program, ...args] };
    assert.match(await sentence(address), /ended with status 3/);
    writeFileSync(marker, '');
    const child = await start(environment('bad').getExecBackend(), sh('echo up'));
    assert.equal((await readUntilChange(child)).failure, null);
    assert.equal((await collectFromReads(child)).text, 'up\n');
    assert.equal(environment('bad').problem, undefined);
  });
});
