import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, Stage, start, until, type Result } from './support';

const PREFIX = (command: string, mark: string): string =>
  `true && eval '${command.replaceAll("'", `'"'"'`)}' < /dev/null && pwd -P >| ${mark}`;
const GEMINI = (command: string): string =>
  `shopt -u promptvars nullglob; _bgpids_file=/dev/null\n(\n  trap 'jobs -p > "$_bgpids_file"' EXIT\n${command}\n)\n__code=$?\nexit $__code`;

const NOBODY = 65_534;
/** The text of such a record, with another start of the process. */
const withStart = (file: string, start: number): string =>
  readFileSync(file, 'utf8').replace(/^(\d+) \d+/, `$1 ${start}`);

const SCRIPTS: Record<string, string> = {
  'both streams and a status': 'echo out; echo err >&2; exit 3',
  'its environment, shell and parent':
    'cat /proc/self/environ | tr "\\0" "\\n" | grep -v "^_=" | sort; echo "$0 $# $-"; ulimit -f; trap -p; echo $PPID; f',
  'bytes of every kind': 'printf "a\\000b\\377c\\033[31m"; head -c 300000 /dev/zero | tr "\\0" "\\377"',
  'a signal': 'echo before; kill -SEGV $$',
  'no input': 'read x; echo "$? [$x]"; wc -c',
  descriptors: 'ls /proc/self/fd | wc -l; ps -o pid= --ppid $$ | wc -l',
  'a command that is not there': 'nothing_of_this_name',
};

(process.platform === 'linux' ? describe : describe.skip)('a command through the shell door', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = new Stage();
    await stage.open();
  });
  afterEach(() => stage.clear());

  const run = (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Result> =>
    start(program, args, {
      cwd: stage.workspace,
      env: stage.env({ 'BASH_FUNC_f%%': '() { echo f; }', ...more }),
    }).result;

  for (const [what, script] of Object.entries(SCRIPTS)) {
    it(`is to its agent as without it: ${what}`, async () => {
      const bare = await run('/bin/bash', ['-c', script]);
      const door = await run(join(stage.programs.lookAlikes, 'bash'), ['-c', script]);
      assert.deepEqual(door, bare);
      const row = await stage.row(({ closed }) => closed);
      assert.equal(outputOf(row), bare.stdout);
      assert.equal(outputOf(row, 'stderr'), bare.stderr);
    });
  }

  for (const [script, status] of [
    ['echo a; exit 7', 7],
    ['false', 1],
    ['(', 2],
    ['exec true', -1],
  ] as const) {
    it(`of opencode tells its status to the row, and nothing else changes: ${script}`, async () => {
      const env = { OPENCODE: '1', AI_AGENT: '' };
      // What it catches, too: a child of a shell that catches a signal is deaf to it until it is a program. Bash does not
      // let go of INT (2).
      const caught = 'echo $((0x$(sed -n "s/^SigCgt:.//p" /proc/$$/status) & ~2))';
      const more = `${script}\nexport -p; set | grep -v -E '^(_|BASHPID|PPID|BASH_ARGC)='; ${caught}`;
      for (const command of [more, script]) {
        const bare = await run('/bin/bash', ['-c', command], env);
        const door = await run(join(stage.programs.lookAlikes, 'bash'), ['-c', command], env);
        assert.deepEqual(door, bare);
      }
      const row = await stage.row(({ spec, closed }) => closed && spec.argv[2] === script);
      assert.equal(row.exitCode, status);
    });
  }

  for (const [what, form, env, code, status] of [
    ['opencode', (command: string) => command, { OPENCODE: '1' }, null, -1],
    ['Claude Code', (command: string) => PREFIX(command, '/dev/null'), {}, null, -1],
    ['Gemini CLI', GEMINI, {}, null, -1],
  ] as const) {
    it(`that a signal ends says nothing that is not so; ${what}`, async () => {
      const { child, result } = start(
        join(stage.programs.lookAlikes, 'bash'),
        ['-c', form('sleep 600; true')],
        {
          cwd: stage.workspace,
          env: stage.env(env),
        },
      );
      await until('the command', () =>
        /^sleep/m.test(execFileSync('ps', ['-o', 'args=', '-s', String(child.pid)]).toString()),
      );
      process.kill(-child.pid!, 'SIGTERM');
      assert.equal((await result).code, code);
      const row = await stage.row(({ closed }) => closed);
      assert.equal(row.exitCode, status);
    });
  }

  it('found on PATH, it is the shell that would have been found, and its own shells are real', async () => {
    const PATH = process.env['PATH'];
    const script = 'echo "$0"; echo "$PATH"; command -v bash; bash -c "echo inner"';
    const bare = await run('bash', ['-c', script], { PATH });
    const door = await run('bash', ['-c', script], { PATH: `${stage.programs.lookAlikes}:${PATH}` });
    assert.equal(door.stdout.split('\n').slice(1).join(), bare.stdout.split('\n').slice(1).join());
    await stage.row(({ closed }) => closed);
    assert.equal(stage.table.list().length, 1);
  });

  it('with one file for both streams it is read there, in its order, also when that is gone', async () => {
    const file = join(stage.root, 'kept');
    const fd = openSync(file, 'a');
    const script = PREFIX('for i in 1 2 3; do echo o$i; echo e$i >&2; done; exit 4', join(stage.root, 'cwd'));
    const { result } = start(stage.programs.prefix, [script], {
      cwd: stage.workspace,
      env: stage.env({ CLAUDE_CODE_SHELL_PREFIX: stage.programs.prefix }),
      stdio: ['ignore', fd, fd],
    });
    closeSync(fd);
    assert.equal((await result).code, 4);
    assert.equal(readFileSync(file, 'latin1'), 'o1\ne1\no2\ne2\no3\ne3\n');
    writeFileSync(file, '');
    const row = await stage.row(({ closed }) => closed);
    assert.equal(row.exitCode, 4);
    assert.equal(row.spec.label, 'for i in 1 2 3; do echo o$i; echo e$i >&2; done; exit 4');
  });

  it('shows what the model asked for, who asked, and the status where the agent’s form tells it', async () => {
    const env = { AI_AGENT: 'claude-code_2-1-332_agent', CLAUDE_CODE_SESSION_ID: 's1' };
    await run(join(stage.programs.lookAlikes, 'bash'), ['-c', GEMINI('echo "it\'s"\nexit 5')], env);
    const row = await stage.row(({ closed }) => closed);
    assert.deepEqual(
      [row.spec.label, row.exitCode, row.owner.name, row.owner.id],
      ['echo "it\'s"\nexit 5', 5, 'Claude Code 2.1.332', 'agent:claude-code_2-1-332_agent:s1'],
    );
    assert.equal(row.state, 'exited');
    await until('the files to go', () => readdirSync(stage.folders.commands).length === 0);
  });

  for (const [what, program, args, env] of [
    ['a hook or an MCP server', 'prefix', ['cat >/dev/null; echo hook'], {}],
    ['a person’s shell', 'bash', ['-c', 'echo mine'], { AI_AGENT: '' }],
    ['a script of an agent', 'bash', ['/dev/null'], {}],
  ] as const) {
    it(`shows nothing of ${what}`, async () => {
      const path = program === 'prefix' ? stage.programs.prefix : join(stage.programs.lookAlikes, program);
      assert.equal((await run(path, args, env)).code, 0);
      assert.deepEqual(readdirSync(stage.folders.commands), []);
    });
  }

  for (const [what, spoil] of [
    ['whose pid is another process’s now', (file: string) => writeFileSync(file, withStart(file, 1))],
    ['that another user has written', (file: string) => chownSync(file, NOBODY, NOBODY)],
  ] as const) {
    it(`with the record of a window ${what} is as if it were not there`, async function () {
      if (what.includes('user') && process.getuid?.() !== 0) this.skip();
      const [name = ''] = readdirSync(stage.folders.windows).filter((file) => file.endsWith('.folders'));
      spoil(join(stage.folders.windows, name));
      const { stdout, code } = await run(join(stage.programs.lookAlikes, 'bash'), [
        '-c',
        'echo alone; exit 2',
      ]);
      assert.deepEqual([stdout, code], ['alone\n', 2]);
      assert.deepEqual(readdirSync(stage.folders.commands), []);
      assert.deepEqual(stage.table.list(), []);
    });
  }

  it('elsewhere, or with no window open, is as if it were not there', async () => {
    const bash = join(stage.programs.lookAlikes, 'bash');
    const { result } = start(bash, ['-c', 'echo there; exit 2'], { cwd: '/', env: stage.env() });
    assert.deepEqual(await result, { stdout: 'there\n', stderr: '', code: 2, signal: null });
    await stage.close();
    assert.equal((await run(bash, ['-c', 'echo alone'])).stdout, 'alone\n');
    assert.deepEqual(readdirSync(stage.folders.commands), []);
  });
});
