/** Real agents whose person breaks off a call of our tools, while others wait long for theirs. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { eventually } from '../../mcp/processes';
import { AT_ONCE } from '../../support/atOnce';
import { Server } from '../../wire/target';
import { runCodex, type CodexOptions } from '../codexRun';
import { MockModel } from '../mockModel';
import { drive, missing, NAMES, type Name } from './drive';
import { startModel } from './models';
import { callsOf, codexTurns, OUR_TOOLS, type Turn } from './ourTools';
import { talk } from './talk';

/** Says by what it was ended. */
const COMMAND = "trap 'touch interrupted; exit 7' INT; touch begun; sleep 600 & wait";
const brokenOff = (workdir: string): readonly Turn[] => [
  ['exec_command', { cmd: COMMAND, workdir, yield_time_ms: 30_000 }],
  ['list_processes', {}],
];
const FOUND = /touch begun[^]*exited with code 7/;
/** Longer than any agent lets a call be silent. */
const LONG: readonly Turn[] = [
  ['exec_command', { cmd: 'sleep 100; echo done; exit 5', yield_time_ms: 30_000 }],
  ...Array.from({ length: 3 }, (): Turn => ['wait_for', { yield_time_ms: 30_000 }]),
];

describe('real agents whose person breaks off a call of our tools', function () {
  this.timeout(CASE_MS);
  let root: string;
  let server: Server;
  const there: Name[] = [];
  /** What the model of each agent is told of a command that takes long. */
  let long: Promise<[name: string, told: readonly string[]][]>;

  before(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'breaking-off-')));
    server = await Server.start(['--workspace', root]);
    for (const name of NAMES) {
      const reason = await missing(name);
      if (reason === undefined) there.push(name);
      else console.log(`      skipped: ${reason}`);
    }
    long = Promise.all([...there.map(waits), codexWaits()]);
    long.catch(() => undefined);
  });
  after(async () => {
    await server.stop(AT_ONCE);
    rmSync(root, { recursive: true, force: true });
  });

  const folder = (name: string): string => mkdtempSync(join(root, `${name}-`));
  const made = (work: string, file: string): Promise<void> =>
    eventually(() => existsSync(join(work, file)), file);

  async function waits(name: Name): Promise<[string, readonly string[]]> {
    const cwd = folder(name);
    const model = await startModel(callsOf(name, LONG));
    const at = { home: join(cwd, 'home'), cwd, model: model.url };
    await (
      await drive({ name, ...at, tools: OUR_TOOLS })
    ).ended;
    model.close();
    return [name, model.results()];
  }

  /** Runs Codex; resolves when it has ended. */
  async function codex(model: MockModel, work: string, more: Partial<CodexOptions> = {}): Promise<void> {
    const at = { work, home: join(work, 'home'), model: model.baseUrl, url: '', limit: CASE_MS };
    const { stderr } = await runCodex({ ...at, tools: OUR_TOOLS, ...more });
    model.end(`Codex has ended: ${stderr}`);
  }

  async function codexWaits(): Promise<[string, readonly string[]]> {
    const model = await MockModel.open();
    const ended = codex(model, folder('codex'));
    const told = await codexTurns(model, LONG);
    await model.finish('Done.');
    await ended;
    await model.close();
    return ['codex', told];
  }

  // Gemini CLI does not tell when it is an editor's agent.
  for (const name of ['claude', 'opencode'] as const) {
    it(`${name}: its command is interrupted, and its model finds it so`, async function () {
      if (!there.includes(name)) return this.skip();
      const cwd = folder(name);
      const model = await startModel(callsOf(name, brokenOff(cwd)));
      const at = { home: join(cwd, 'home'), cwd, model: model.url };
      const agent = await talk({ name, ...at, tools: OUR_TOOLS });
      try {
        const over = agent.task();
        await made(cwd, 'begun');
        agent.interrupt();
        await over;
        await made(cwd, 'interrupted');
        await agent.task();
        assert.match(model.results().at(-1) ?? '', FOUND);
      } finally {
        await agent.end();
        model.close();
      }
    });
  }

  it('codex: its command is interrupted, and its model finds it so', async () => {
    const work = folder('codex');
    const model = await MockModel.open();
    let told: string[] = [];
    const [first, ...others] = brokenOff(work);
    await codex(model, work, {
      approve: () => true,
      beside: async ({ ask, threadId, turnId }) => {
        const broken = codexTurns(model, [first!]);
        await made(work, 'begun');
        await ask('turn/interrupt', { threadId, turnId });
        await made(work, 'interrupted');
        await ask('turn/start', { threadId, input: [{ type: 'text', text: 'Go on.' }] });
        await broken;
        told = await codexTurns(model, others);
        await model.finish('Done.');
      },
    });
    await model.close();
    assert.match(told.at(-1) ?? '', FOUND);
  });

  for (const name of NAMES) {
    it(`${name}: Ctrl-C in its terminal interrupts its command`, async function () {
      if (!there.includes(name)) return this.skip();
      const cwd = folder(name);
      const model = await startModel(callsOf(name, brokenOff(cwd)));
      const at = { home: join(cwd, 'home'), cwd, model: model.url };
      const agent = await drive({ name, ...at, tools: OUR_TOOLS });
      await made(cwd, 'begun');
      process.kill(-agent.pid, 'SIGINT');
      await agent.ended;
      await made(cwd, 'interrupted');
      model.close();
    });
  }

  it('a command of 100 s is waited for to its end by all of them', async () => {
    for (const [name, told] of await long) {
      assert.equal(told.length, LONG.length, name);
      assert.match(
        told.at(-1) ?? '',
        /it has ended[^]*code 5\n[^]*\ndone\n/,
        `${name}: ${told.join('\n—\n')}`,
      );
    }
  });
});
