/** Real agents with the table of tools, by `exec-server mcp`. */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { AT_ONCE } from '../../support/atOnce';
import { Server } from '../../wire/target';
import { runCodex } from '../codexRun';
import { MockModel } from '../mockModel';
import { drive, missing, NAMES } from './drive';
import { startModel } from './models';
import { callsOf, codexTurns, OUR_TOOLS, type Turn } from './ourTools';

/** Tools in turn, what each takes beside the session, and what its answer holds. */
const TURNS: readonly (readonly [tool: string, args: object, answer: RegExp])[] = [
  [
    'exec_command',
    { cmd: 'echo out; echo err >&2; pwd; exit 3' },
    /exited with code 3[^]*\nout\nerr\n\/.*work/,
  ],
  ['exec_command', { cmd: 'read x; echo "got $x"; read y', tty: true, yield_time_ms: 300 }, /session ID \d/],
  ['list_processes', {}, /read x; echo/],
  ['write_stdin', { chars: 'typed\n', yield_time_ms: 2000 }, /got typed/],
  ['read_output', { offset: 0 }, /got typed/],
  ['screen', {}, /got typed/],
  ['wait_for', { quiet_ms: 500 }, /no output for 500 ms|wants input/],
  ['interrupt', {}, /signal 2|code 130/],
  ['exec_command', { cmd: 'exec sleep 600', yield_time_ms: 300 }, /session ID \d/],
  ['terminate', {}, /ended by signal/],
  ['list_environments', {}, /local: this machine/],
];
const CALLS = TURNS.map(([tool, args]): Turn => [tool, args]);

function check(results: readonly string[], stderr: string): void {
  assert.equal(results.length, TURNS.length, stderr);
  for (const [index, [tool, , answer]] of TURNS.entries())
    assert.match(results[index] ?? '', answer, `${tool}: ${results[index]}`);
}

describe('real agents with our tools', () => {
  for (const name of NAMES) {
    it(`${name}: its model uses the whole table in the window of its folder`, async function () {
      this.timeout(CASE_MS);
      const reason = await missing(name);
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        return this.skip();
      }
      const root = realpathSync(mkdtempSync(join(tmpdir(), 'tools-work-')));
      const server = await Server.start(['--workspace', root]);
      const model = await startModel(callsOf(name, CALLS));
      try {
        const at = { home: join(root, 'home'), cwd: root, model: model.url };
        const agent = await drive({ name, ...at, tools: OUR_TOOLS });
        const stderr = await agent.ended;
        check(model.results(), stderr);
      } finally {
        model.close();
        await server.stop(AT_ONCE);
        rmSync(root, { recursive: true, force: true });
      }
    });
  }

  it('codex: its model uses the whole table in the window of its folder', async function () {
    this.timeout(CASE_MS);
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'tools-work-')));
    const server = await Server.start(['--workspace', root]);
    const model = await MockModel.open();
    try {
      const at = { work: root, home: join(root, 'home'), model: model.baseUrl, url: '' };
      const codex = runCodex({ ...at, limit: CASE_MS / 2, tools: OUR_TOOLS });
      void codex.then(({ stderr }) => model.end(`Codex has ended: ${stderr}`));
      const results = await codexTurns(model, CALLS);
      await model.finish('Done.');
      check(results, (await codex).stderr);
    } finally {
      await model.close();
      await server.stop(AT_ONCE);
      rmSync(root, { recursive: true, force: true });
    }
  });
});
