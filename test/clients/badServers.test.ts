/** What is no exec-server: each a sentence that says which environment, what was tried, what happened, what to do. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { ConnectError, Environment } from '../../src/environment';
import { lives } from '../unit/process/helpers';
import { badCases, TIMEOUTS, TOKEN, type Address } from './badCases';
import { webSocket } from './badServers';
import { collectEvents, collectFromReads, sh, start } from './collect';
import { ourCommand, ourServer, PATIENT } from './ends';

const DISCONNECTED = /^exec-server transport disconnected: /;

describe('what is no exec-server', function () {
  this.timeout(CASE_MS);
  let server: Awaited<ReturnType<typeof ourServer>>;
  let good: Environment;
  let folder: string;
  before(async () => {
    server = await ourServer();
    good = Environment.remote({ id: 'good', url: server.url });
    folder = mkdtempSync(join(tmpdir(), 'bad-'));
  });
  after(async () => {
    await good[Symbol.asyncDispose]();
    server.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Does something with the environment `bad`, which a command of another one, meanwhile, must not notice. */
  async function beside<T>(
    address: Address,
    act: (bad: Environment) => Promise<T>,
    options = PATIENT,
  ): Promise<T> {
    const script = sh('read x; echo "still $x"', { pipeStdin: true });
    const other = await start(good.getExecBackend(), script);
    await using bad = Environment.remote({ id: 'bad', ...address }, options);
    const result = await act(bad);
    await other.write(Buffer.from('here\n'));
    assert.deepEqual(await collectFromReads(other), { text: 'still here\n', exitCode: 0 });
    return result;
  }

  /** Why nothing could be started there. */
  async function refusal(bad: Environment): Promise<string> {
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
  }

  const sentence = (address: Address, waits = false): Promise<string> =>
    beside(address, refusal, waits ? TIMEOUTS : {});

  for (const { what, waits, server: listen, address, says } of badCases) {
    it(what, async () => {
      const bad = await listen?.();
      try {
        assert.match(await sentence(address(bad?.port ?? 0, folder), waits), says);
      } finally {
        bad?.close();
      }
    });
  }

  it('a wrong token', async () => {
    const { origin } = new URL(server.url);
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
    const script = `echo $$ >"${pid}"; exec yes nonsense`;
    await sentence({ program: '/bin/sh', args: ['-c', script] });
    assert.ok(!lives(Number(readFileSync(pid, 'utf8'))));
  });

  it('a server that turns into something else: what runs there is lost, with the reason', async () => {
    const impostor = await webSocket((text, socket) => {
      const { id, method } = JSON.parse(text) as { id?: number; method: string };
      if (method === 'process/write') socket.send('Segmentation fault');
      else if (id !== undefined) socket.send(JSON.stringify({ id, result: { sessionId: 's' } }));
    });
    const url = `ws://127.0.0.1:${String(impostor.port)}`;
    const last = await beside({ url }, async (bad) => {
      const child = await start(bad.getExecBackend(), sh('cat', { pipeStdin: true }));
      const events = collectEvents(child);
      await assert.rejects(child.write(Buffer.from('x')), { message: DISCONNECTED });
      assert.equal(bad.state, 'lost');
      return (await events).at(-1);
    });
    impostor.close();
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
    const text = await beside(address, async (bad) => {
      assert.match(await refusal(bad), /ended with status 3/);
      writeFileSync(marker, '');
      const child = await start(bad.getExecBackend(), sh('echo up'));
      assert.equal(bad.problem, undefined);
      return (await collectFromReads(child)).text;
    });
    assert.equal(text, 'up\n');
  });
});
