import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';
import { outputOf, Stage, until } from '../../unit/agents/shell/support';
import { drive, missing, NAMES, type Name } from './drive';
import { startModel, type Call } from './models';

/** Two streams of an agent that reads two pipes have no order between them, with or without us. */
const TWO_PIPES: readonly Name[] = ['gemini', 'opencode'];
/** 50 MB. */
const LARGE = 'seq 1 6388889';
/** By a limit of its own: Gemini CLI has one for all. */
const SILENT_SECONDS = 6;
const CALLS: readonly Call[] = [
  { command: 'echo out; pwd; cat <<EOF\nhere doc\nEOF\nexit 3' },
  { command: 'echo only >&2; exit 1' },
  { command: 'for i in 1 2 3; do echo o$i; echo e$i >&2; done' },
  { command: 'seq 1 20000 | md5sum; seq 1 3000' },
  { command: LARGE },
  { command: String.raw`printf 'a\000b\377c\033[31mred\033[0m\n'; exit 200` },
  { command: '(sleep 1; echo late) & echo early' },
  { command: 'echo before; sleep 15', timeoutMs: 4000 },
  { command: 'kill -TERM $BASHPID' },
];
/** What rows tell of those before the last two: of what a signal ends no status is known. */
const STATUS = [3, 1, 0, 0, 0, 200, 0];
/** What differs from run to run; where an agent cuts what it tells wherever a piece ended, all that it had counts. */
const plain = (text: string): string => {
  const [, file] = /Full output saved to: (\S+)/.exec(text) ?? [];
  if (file !== undefined) return createHash('md5').update(readFileSync(file)).digest('hex');
  return text.replace(/PIDs?: [\d, ]+|PGID: \d+|\/\S*\/(?:bare|door)\/\S+|\/tmp\/claude-\S+|ID: \w+/g, '');
};
/** Gemini CLI puts its word for what follows before the first line, whichever of the two streams that came from. */
const lines = (text: string): string[] => plain(text).replace('Output: ', 'Output:\n').split('\n').sort();

(process.platform === 'linux' ? describe : describe.skip)('real agents through the shell door', () => {
  for (const name of NAMES) {
    it(`${name}: its model is told the same as without us, and its commands are shown`, async function () {
      this.timeout(CASE_MS);
      const reason = await missing(name);
      if (reason !== undefined) {
        console.log(`      skipped: ${reason}`);
        return this.skip();
      }
      // opencode waits for ever for a command that a signal ends, with or without us.
      const calls = name === 'opencode' ? CALLS.slice(0, -1) : CALLS;
      const stage = new Stage();
      await stage.open();
      try {
        const told = async (home: string, programs?: Stage['programs']): Promise<readonly string[]> => {
          const model = await startModel(calls);
          const at = { name, home: join(stage.root, home), cwd: stage.workspace, model: model.url };
          const silenceSeconds = SILENT_SECONDS;
          const agent = await drive({ ...at, silenceSeconds, ...(programs ? { programs } : {}) });
          const stderr = await agent.ended;
          model.close();
          assert.equal(model.results().length, calls.length, stderr);
          return model.results();
        };
        const [bare, door] = await Promise.all([told('bare'), told('door', stage.programs)]);
        const compare = (text: string): unknown => (TWO_PIPES.includes(name) ? lines(text) : plain(text));
        assert.deepEqual(door.map(compare), bare.map(compare));
        const rows = stage.table.list();
        assert.deepEqual(
          rows.map(({ spec }) => spec.label ?? spec.argv.at(-1)),
          calls.map(({ command }) => command),
        );
        const [first, , , , large] = rows;
        await until('two rows to close', () => first!.closed && large!.closed);
        const begun = `out\n${stage.workspace}\nhere doc\n`;
        assert.equal(outputOf(first!).slice(0, begun.length), begun);
        assert.equal(large!.totalBytes, 50_000_008);
        assert.deepEqual(
          rows.slice(0, STATUS.length).map(({ exitCode }) => exitCode),
          STATUS,
        );
        // Claude Code lets what takes too long run on.
        await Promise.all(rows.map((row) => row.stop({ from: 'kill', by: 'person' })));
        await until('the last row to close', () => rows.every(({ closed }) => closed));
        assert.deepEqual(stage.problems, []);
      } finally {
        await stage.clear();
      }
    });
  }
});
