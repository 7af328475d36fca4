/** What clients do wrong, what they break off, and what they must not see. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { AT_ONCE } from '../support/atOnce.js';
import { request } from '../wire/rawHttp.js';
import { Server } from '../wire/target.js';
import { eventually, runs } from './processes.js';
import { ERAS, mcpUrl, open, sessionOf } from './clients.js';

const LONG_MS = 300_000;
let mark = 0;

describe('mcp trouble', function () {
  this.timeout(CASE_MS);
  let server: Server;
  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop(AT_ONCE));

  for (const era of ERAS) {
    it(`a cancelled call interrupts its command: ${era}`, async () => {
      const mcp = await open(era, server);
      const seconds = `6${era.length}.${++mark}`;
      const abort = new AbortController();
      const call = mcp.call(
        'exec_command',
        { cmd: `sleep ${seconds}`, yield_time_ms: 30_000 },
        { signal: abort.signal },
      );
      await eventually(() => runs(`sleep\0${seconds}`) || runs(`sleep ${seconds}`), 'it runs');
      abort.abort();
      await assert.rejects(call);
      await eventually(() => !runs(seconds), 'it was interrupted');
      await eventually(async () => {
        const { text } = await mcp.call('list_processes');
        return new RegExp(`sleep ${seconds}\\n.*ended by signal 2`).test(text);
      }, 'it is said to have been interrupted');
      await mcp.close();
    });

    it(`a client that dies in the middle leaves nothing running: ${era}`, async () => {
      const mcp = await open(era, server, `dies ${era}`);
      const seconds = `7${era.length}.${++mark}`;
      const call = mcp.call('exec_command', { cmd: `sleep ${seconds}`, yield_time_ms: 30_000 });
      call.catch(() => undefined);
      await eventually(() => runs(seconds), 'it runs');
      await mcp.close();
      await eventually(() => !runs(seconds), 'it was interrupted');
    });

    it(`a long call is told of before it is answered: ${era}`, async function () {
      // All of it with WIRE_SLOW=1.
      const seconds = process.env['WIRE_SLOW'] === '1' ? 100 : 12;
      this.timeout(LONG_MS);
      const mcp = await open(era, server);
      let signs = 0;
      const session_id = sessionOf(
        await mcp.call('exec_command', { cmd: `sleep ${seconds}`, yield_time_ms: 250 }),
      );
      for (;;) {
        const { text } = await mcp.call(
          'wait_for',
          { session_id, yield_time_ms: 30_000 },
          { timeout: STEP_MS, resetTimeoutOnProgress: true, onprogress: () => signs++ },
        );
        if (text.includes('it has ended')) break;
      }
      assert.ok(signs > 0, 'it was told of');
      await mcp.close();
    });

    it(`50 calls at once are all answered: ${era}`, async () => {
      const mcp = await open(era, server);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          mcp.call('exec_command', { cmd: `echo n${index}n`, yield_time_ms: 30_000 }, { timeout: 60_000 }),
        ),
      );
      answers.forEach(({ text }, index) => assert.match(text, new RegExp(`n${index}n`)));
      await mcp.close();
    });

    it(`arguments of wrong types are answered with what to do: ${era}`, async () => {
      const mcp = await open(era, server);
      const wrong: [string, unknown, RegExp][] = [
        ['exec_command', {}, /"cmd": is missing/],
        ['exec_command', { cmd: 7 }, /"cmd": must be a string/],
        ['exec_command', { cmd: '' }, /"cmd": must not be empty/],
        ['exec_command', { cmd: 'a\0b' }, /NUL/],
        ['exec_command', { cmd: 'x', wat: 1 }, /"wat": is not known here; known are cmd/],
        ['exec_command', { cmd: 'x', workdir: 'here' }, /absolute path/],
        ['exec_command', { cmd: 'x', workdir: '/nowhere/at/all' }, /No such file or directory/],
        [
          'exec_command',
          { cmd: 'x', environment: 'mars' },
          /there is no environment "mars"; there are local/,
        ],
        ['exec_command', { cmd: 'x', yield_time_ms: 'long' }, /whole number/],
        ['write_stdin', { session_id: 'p1' }, /"session_id": must be a whole number/],
        ['write_stdin', { session_id: 99_999 }, /no session 99999.*list_processes/],
        ['wait_for', { session_id: -1 }, /whole number/],
        ['no_such_tool', {}, /no tool "no_such_tool"; there are exec_command/],
      ];
      for (const [name, args, words] of wrong) {
        const { text, isError } = await mcp.call(name, args);
        assert.equal(isError, true, text);
        assert.match(text, words);
      }
      assert.match((await mcp.call('exec_command', { cmd: 'echo null', workdir: null })).text, /\nnull\n/);
      await mcp.close();
    });

    it(`arguments of 10 MB are refused in words, and nothing is started: ${era}`, async () => {
      const mcp = await open(era, server);
      await assert.rejects(mcp.call('exec_command', { cmd: 'x'.repeat(10_000_000) }), /at most 8388608/);
      const large = await mcp.call('exec_command', { cmd: 'x'.repeat(1_000_000) });
      assert.match(large.text, /must have at most 131072 characters/);
      assert.match((await mcp.call('exec_command', { cmd: 'echo after' })).text, /\nafter\n/);
      await mcp.close();
    });

    it(`nobody sees the commands of another client: ${era}`, async () => {
      const [mine, other] = [await open(era, server, 'mine'), await open(era, server, 'other')];
      const session_id = sessionOf(
        await mine.call('exec_command', { cmd: 'echo secret; sleep 60', yield_time_ms: 300, tty: true }),
      );
      assert.doesNotMatch((await other.call('list_processes')).text, /secret/);
      for (const name of ['write_stdin', 'read_output', 'wait_for', 'interrupt', 'terminate']) {
        const { text, isError } = await other.call(name, { session_id });
        assert.ok(isError && text.includes(`There is no session ${session_id}`), `${name}: ${text}`);
      }
      assert.match((await mine.call('terminate', { session_id })).text, /ended by signal/);
      await mine.close();
      await other.close();
    });
  }

  it('the gate stands before it', async () => {
    const { url, token } = server;
    const ask = async (headers: Record<string, string | undefined>, path = '/mcp'): Promise<number> =>
      (await request(server, 'POST', path, { 'Content-Length': '2', ...headers })).status;
    const Authorization = `Bearer ${token}`;
    assert.equal(await ask({}), 401);
    assert.equal(await ask({ Authorization: 'Bearer wrong' }), 401);
    assert.equal(await ask({ Authorization, Origin: `http://${url.host}` }), 403);
    assert.equal(await ask({ Authorization, Host: 'rebound.example' }), 403);
    assert.equal(await ask({}, `/mcp/${token}`), 401);
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
    assert.equal(await ask({ Authorization, ...upgrade }), 400);
  });

  it('what is no JSON, no request or of no session is answered as the protocol says', async () => {
    const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(mcpUrl(server), {
        method: 'POST',
        body,
        headers: {
          Authorization: `Bearer ${server.token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      });
    const broken = await post('{');
    assert.equal(broken.status, 400);
    assert.equal(((await broken.json()) as { error: { code: number } }).error.code, -32700);
    // Commas in a text are no values.
    const params = { name: 'list_processes', arguments: { text: '",\\'.repeat(100_000) } };
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    assert.match(await (await post(text)).text(), /open a session/);
    const many = await post(`[${'1,'.repeat(20_000)}1]`);
    assert.equal(many.status, 413);
    assert.match(await many.text(), /more than 16384 values/);
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    assert.equal((await post(call)).status, 400);
    assert.equal((await post(call, { 'mcp-session-id': 'gone' })).status, 404);
  });

  it('requests that are not whole count, and are refused at the bound; a small one is not', async () => {
    const { hostname, port } = new URL(mcpUrl(server));
    const body = Buffer.alloc(8_000_000, ' ');
    const head = `POST /mcp HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${server.token}\r\n`;
    const sockets = Array.from({ length: 24 }, () => connect(Number(port), hostname));
    const answers: string[] = [];
    const sent = sockets.map((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => answers.push(String(chunk)));
      socket.write(`${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`);
      return new Promise((resolve) => socket.write(body.subarray(1), resolve));
    });
    try {
      await Promise.all(sent);
      const mcp = await open('SDK 2, sessions', server, 'small');
      assert.match((await mcp.call('list_processes')).text, /./);
      await mcp.close();
      for (const socket of sockets) socket.write(' ');
      await eventually(() => answers.length === sockets.length, 'all are answered');
      const refused = answers.filter((answer) =>
        /^HTTP\/1.1 503 .*what requests of other protocols may/s.test(answer),
      );
      // At least what does not fit in, and more where many have come in part.
      assert.ok(refused.length > 6, `${refused.length} are refused`);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('when the server ends, so does what clients have started', async () => {
    const own = await Server.start();
    const mcp = await open('SDK 2, without sessions', own);
    const seconds = `81.${++mark}`;
    await mcp.call('exec_command', { cmd: `sleep ${seconds}`, yield_time_ms: 250 });
    assert.ok(runs(seconds));
    await own.stop();
    assert.ok(!runs(seconds));
    await mcp.close().catch(() => undefined);
  });
});
