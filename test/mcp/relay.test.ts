/** `exec-server mcp`: the tools of the window that the folder belongs to, on stdin and stdout. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { AT_ONCE } from '../support/atOnce.js';
import { runtimeFolder, Server } from '../wire/target.js';
import { eventually, pidOf, runs } from './processes.js';
import { ERAS, relay, sessionOf, type Mcp } from './clients.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const env = { ...process.env, XDG_STATE_HOME: runtimeFolder } as Record<string, string>;

for (const era of ERAS)
  describe(`mcp relay: ${era}`, function () {
    this.timeout(CASE_MS);
    let folder: string;
    const open: (Mcp | Server)[] = [];

    async function relayed(name = 'relayed'): Promise<Mcp> {
      const mcp = await relay(era, folder, name);
      open.push(mcp);
      return mcp;
    }
    async function serve(): Promise<Server> {
      const server = await Server.start(['--workspace', folder]);
      open.push(server);
      return server;
    }
    beforeEach(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'relay-')));
    });
    afterEach(async () => {
      for (const one of open.splice(0)) await ('stop' in one ? one.stop(AT_ONCE) : one.close());
      rmSync(folder, { recursive: true, force: true });
    });

    it('the tools work', async () => {
      await serve();
      const mcp = await relayed();
      assert.equal((await mcp.list()).length, (await mcp.list()).length);
      const { text } = await mcp.call('exec_command', { cmd: 'echo relayed; pwd' });
      assert.ok(text.endsWith(`relayed\n${folder}\n`), text);
    });

    it('two agents that say the same of themselves do not see each other', async () => {
      await serve();
      const [one, other] = [await relayed(), await relayed()];
      const session_id = sessionOf(await one.call('exec_command', { cmd: 'sleep 60', yield_time_ms: 250 }));
      assert.match((await other.call('read_output', { session_id })).text, /There is no session/);
      assert.match((await other.call('list_processes')).text, /^None/);
      assert.match((await one.call('terminate', { session_id })).text, /ended by signal/);
    });

    it('a window that dies is told of in words, and the next one is found', async () => {
      const first = await serve();
      const mcp = await relayed();
      const seconds = `9${era.length}.${process.pid}`;
      const call = mcp.call('exec_command', { cmd: `sleep ${seconds}`, yield_time_ms: 30_000 });
      const refused = assert.rejects(call, /window was closed or reloaded/);
      await eventually(() => runs(seconds), 'it runs');
      await first.stop('SIGKILL');
      await refused;
      await assert.rejects(mcp.call('list_processes'), /No editor window with Exec Server is open/);
      await serve();
      assert.match((await mcp.call('exec_command', { cmd: 'echo again' })).text, /\nagain\n/);
    });

    it('50 calls at once are all answered', async () => {
      await serve();
      const mcp = await relayed();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          mcp.call('exec_command', { cmd: `echo n${index}n`, yield_time_ms: 30_000 }, { timeout: 60_000 }),
        ),
      );
      answers.forEach(({ text }, index) => assert.match(text, new RegExp(`\nn${index}n\n$`)));
    });

    it('an agent that dies in the middle leaves nothing running', async () => {
      await serve();
      const mcp = await relayed();
      const seconds = `8${era.length}.${process.pid}`;
      mcp.call('exec_command', { cmd: `sleep ${seconds}`, yield_time_ms: 30_000 }).catch(() => undefined);
      await eventually(() => runs(seconds), 'it runs');
      process.kill(pidOf(`cli.js\0mcp`, folder) ?? 0, 'SIGKILL');
      await eventually(() => !runs(seconds), 'it was ended');
    });

    it('arguments of 10 MB are refused in words', async () => {
      await serve();
      const mcp = await relayed();
      const { text } = await mcp.call('exec_command', { cmd: 'x'.repeat(10_000_000) });
      assert.match(text, /must have at most 131072 characters/);
    });
  });

describe('mcp relay', () => {
  it('without a window it ends, and says why', function () {
    this.timeout(CASE_MS);
    const folder = mkdtempSync(join(tmpdir(), 'relay-none-'));
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'mcp'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true, force: true });
    assert.equal(status, 1);
    assert.match(stderr, /No editor window with Exec Server is open for .*relay-none-/);
  });
});
