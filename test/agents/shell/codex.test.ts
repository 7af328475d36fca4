import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { environmentsToml } from '../../../src/agents/connect/codexFile';
import { foldersIn } from '../../../src/agents/discovery';
import { writePrograms } from '../../../src/agents/programs/writePrograms';
import { DEFAULT_LIMITS } from '../../../src/server/limits';
import { eventually, pidOf, runs } from '../../mcp/processes';
import { exec, ToolResult } from '../calls';
import { runCodex, type CodexOptions, type CodexResult } from '../codexRun';
import { MockModel } from '../mockModel';

const DIST = join(import.meta.dirname, '../../../dist');
/** Seconds that nothing else sleeps. */
const LONG = `614.${process.pid}`;
const AT = { url: '', limit: CASE_MS };
const COMMANDS = [
  'echo "side=$SERVER_SIDE"; echo err >&2; exit 3',
  'seq 1 300000 | md5sum; seq 1 300',
  String.raw`printf 'a\000b\033[31mred\n'; pwd`,
  '(sleep 1; echo late) & echo early; wait',
  // 50 MB.
  'seq 1 6388889',
  'echo before; kill -TERM $$',
];

(process.platform === 'win32' ? describe.skip : describe)('Codex, connected by its file', function () {
  this.timeout(CASE_MS);
  let root: string;
  let work: string;
  let home: string;
  let toml: string;
  let program: string;
  const servers: ChildProcess[] = [];

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-connected-')));
    work = join(root, 'work');
    home = join(root, 'door');
    mkdirSync(work);
    mkdirSync(home);
    const folder = foldersIn(join(home, '.local/state/exec-server'));
    const bundle = join(DIST, 'doors.js');
    ({ program } = writePrograms(folder, { bundle, node: process.execPath, isEditor: false }));
    toml = environmentsToml(program);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  /** A server for the folder, whose commands know it by its name. */
  async function serve(name: string): Promise<ChildProcess> {
    const server = spawn(
      process.execPath,
      [join(DIST, 'cli.js'), '--listen', 'ws://127.0.0.1:0', '--workspace', work],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env['PATH'], HOME: home, SERVER_SIDE: name },
      },
    );
    servers.push(server);
    await once(server.stdout, 'data');
    return server;
  }

  /** Codex at work. */
  async function begin(
    at: string,
    // Only the engine of the IDE extension asks.
    more: Partial<CodexOptions> = {},
  ): Promise<{ model: MockModel; ended: Promise<CodexResult>; end: () => Promise<CodexResult> }> {
    const model = await MockModel.open();
    const sandbox = 'danger-full-access';
    const ended = runCodex({ ...AT, work, home: at, model: model.baseUrl, sandbox, ...more });
    void ended.then(() => model.end('Codex has ended'));
    const end = async (): Promise<CodexResult> => {
      await model.finish('Done.').catch(() => undefined);
      const result = await ended;
      await model.close();
      return result;
    };
    return { model, ended, end };
  }
  const play = async (at: string, more: Partial<CodexOptions> = {}): Promise<ToolResult[]> => {
    const { model, end } = await begin(at, more);
    const told: ToolResult[] = [];
    for (const command of COMMANDS) {
      const [output] = await model.turn([exec(command)]);
      told.push(new ToolResult(output));
    }
    await end();
    return told;
  };
  /** Two pipes have no order between them; of the first the lines count, in whatever order. */
  const view = (told: readonly ToolResult[]): unknown =>
    told.map(({ exitCode, output }, index) => {
      const text = output.replace('side=server', 'side=');
      return [exitCode, index === 0 ? text.split('\n').sort() : text];
    });

  it('runs its commands in the server of its folder, told the same as without us, exec and app-server', async () => {
    await serve('server');
    const door = await play(home, { environments: toml });
    const bare = await play(join(root, 'bare'));
    const [first] = door;
    assert.deepEqual(first!.output.split('\n').sort(), ['', 'err', 'side=server']);
    assert.deepEqual(view(door), view(bare));
    const engine = await play(home, { environments: toml, approve: () => true });
    assert.deepEqual(view(engine), view(bare));
    assert.equal(engine[0]?.output, first!.output);
  });

  it('goes on in the next window when its own is gone in the middle, exec and app-server at once', async () => {
    const first = await serve('first');
    const kinds = [
      { name: 'exec', at: home, more: {} },
      {
        name: 'engine',
        at: join(home, 'engine'),
        more: { approve: () => true, state: join(home, '.local/state') },
      },
    ];
    const agents = await Promise.all(
      kinds.map(async ({ name, at, more }) => {
        const { model, end } = await begin(at, { environments: toml, ...more });
        const under = model.turn([exec(`echo begun; touch ${name}; exec sleep ${LONG}`)]);
        return { name, model, end, under };
      }),
    );
    for (const { name } of agents)
      await eventually(() => existsSync(join(work, name)), `a command of ${name}`);
    first.kill('SIGKILL');
    await once(first, 'exit');
    for (const { under } of agents) {
      const [output] = await under;
      const told = new ToolResult(output);
      assert.match(told.output, /^begun\n\nexec-server: The editor window was closed or reloaded/);
      assert.equal(told.exitCode, 143);
    }
    const next = agents.map(({ model, name }) => model.turn([exec(`echo "${name} $SERVER_SIDE"; exit 7`)]));
    await serve('second');
    for (const [index, { name }] of agents.entries()) {
      const [output] = (await next[index]) ?? [];
      const told = new ToolResult(output);
      assert.deepEqual([told.output, told.exitCode], [`${name} second\n`, 7]);
    }
    for (const { end } of agents) await end();
    await eventually(() => !runs(`sleep\0${LONG}`), 'what the first ran has ended');
  });

  it('interrupted by Ctrl-C in its terminal leaves nothing running', async () => {
    await serve('server');
    const { model, ended } = await begin(home, { environments: toml });
    const under = model.turn([exec(`touch begun; exec sleep ${LONG}`)]).catch(() => undefined);
    await eventually(() => existsSync(join(work, 'begun')), 'its command');
    const stat = readFileSync(`/proc/${pidOf(`-C\0${work}`) ?? 0}/stat`, 'utf8');
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    process.kill(-Number(group), 'SIGINT');
    await ended;
    // A Codex that ends without a word may come back for so long, on a busy machine.
    await eventually(() => !runs(`sleep\0${LONG}`), 'its command has ended', 2 * DEFAULT_LIMITS.detachedMs);
    await under;
    await model.close();
  });

  it('runs nothing elsewhere: its program killed in the middle, the server ended, and none at its start', async () => {
    const server = await serve('server');
    const cut = await begin(home, { environments: toml });
    const under = cut.model.turn([exec(`touch begun; exec sleep ${LONG}`)]);
    await eventually(() => existsSync(join(work, 'begun')), 'its command');
    process.kill(pidOf(`${program}.js\0connect`) ?? 0, 'SIGKILL');
    assert.match(JSON.stringify(await under), /disconnected/);
    assert.match(JSON.stringify(await cut.model.turn([exec('touch elsewhere')])), /disconnected/);
    await cut.end();

    const left = await begin(home, { environments: toml });
    await left.model.turn([exec('echo there')]);
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    assert.ok(!runs(`sleep\0${LONG}`), 'what Codex had begun has ended');
    const said = await left.model.turn([exec('touch elsewhere')]);
    assert.match(JSON.stringify(said), /No editor window with Exec Server is open for/);
    await left.end();

    const alone = await begin(home, { environments: toml });
    const none = await alone.model.turn([exec('touch elsewhere; echo ran')]).catch(String);
    assert.doesNotMatch(JSON.stringify(none), /ran\\n/);
    await alone.end();
    assert.ok(!existsSync(join(work, 'elsewhere')));
  });
});
