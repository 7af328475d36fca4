/** `exec-server agents`, as a person without an editor, or a script, connects agents. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SECRET = 'sk-4711';

interface Listed {
  readonly agents: readonly {
    id: string;
    file: string;
    status: string;
    effect: string;
    writes?: string;
  }[];
  readonly programs: { program: string; prefix: string; lookAlikes: string };
}

(process.platform === 'win32' ? describe.skip : describe)('exec-server agents', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'agents-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  const call = (program: string, ...args: string[]) => {
    const env = { HOME: home, PATH: dirname(process.execPath) };
    const { status, stdout, stderr } = spawnSync(program, args, { env, cwd: home, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const agents = (...args: string[]) => call(process.execPath, CLI, 'agents', ...args);
  const listed = (): Listed => JSON.parse(agents('--json').stdout) as Listed;
  const claude = () => listed().agents.find(({ id }) => id === 'claude');

  it('lists each with what would be written where, and programs that are there', () => {
    const { agents: all, programs } = listed();
    assert.deepEqual(all.map(({ id }) => id).sort(), ['claude', 'codex', 'gemini', 'opencode']);
    for (const { file, status, writes } of all) {
      assert.ok(file.startsWith(home));
      assert.equal(status, 'absent');
      assert.match(writes ?? '', /\.local\/state\/exec-server\/bin\//);
      assert.ok(!existsSync(file));
    }
    for (const path of [programs.program, programs.prefix, join(programs.lookAlikes, 'bash')])
      accessSync(path, constants.X_OK);
    const { stdout } = agents();
    for (const { id, file } of all) assert.ok(stdout.includes(`${id}: `) && stdout.includes(file), id);
    assert.ok(stdout.includes(programs.lookAlikes));
    assert.equal(call(programs.program, 'agents').stdout, stdout, 'the stable program says the same');
  });

  it('connects and disconnects one, by the stable program too, and tells no secret of its file', () => {
    const file = claude()?.file ?? '';
    const before = `{\n  "env": {\n    "ANTHROPIC_API_KEY": "${SECRET}"\n  }\n}\n`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, before);
    const { programs } = listed();
    assert.deepEqual(agents('connect', 'claude'), {
      status: 0,
      stdout: `Claude Code is connected: ${file}\n`,
      stderr: '',
    });
    assert.ok(readFileSync(file, 'utf8').includes(programs.prefix));
    assert.equal(claude()?.status, 'connected');
    const said = agents().stdout + agents('--json').stdout;
    assert.ok(!said.includes(SECRET));
    assert.equal(call(programs.program, 'agents', 'disconnect', 'claude').status, 0);
    assert.equal(readFileSync(file, 'utf8'), before);
  });

  it('says in a sentence what is wrong, and writes nothing', () => {
    for (const [args, words] of [
      [['connect', 'emacs'], /no agent "emacs"; there are: codex, /],
      [['connect'], /exec-server agents connect\|disconnect NAME/],
      [['remove', 'claude'], /exec-server agents connect\|disconnect NAME/],
    ] as const) {
      const { status, stdout, stderr } = agents(...args);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, words);
    }
    assert.ok(listed().agents.every(({ status }) => status === 'absent'));
  });
});
