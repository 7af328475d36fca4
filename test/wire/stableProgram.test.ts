/** The program that configurations of agents name, whatever comes of the editor that has written it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldersIn } from '../../src/agents/discovery/index.js';
import { writePrograms, type AgentPrograms } from '../../src/agents/programs/writePrograms.js';

const BUNDLE = fileURLToPath(new URL('../../dist/doors.js', import.meta.url));
/** What a command would see of how its program was started. */
const SEEN = 'echo "[$ELECTRON_RUN_AS_NODE]"; exit 3';

(process.platform === 'win32' ? describe.skip : describe)('the stable program', () => {
  let root: string;
  let editor: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stable-'));
    editor = join(root, "an editor's", 'program');
    mkdirSync(dirname(editor));
    // As an editor: only where it is told to is it a Node.
    const text = `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && exec '${process.execPath}' "$@"\nexit 99\n`;
    writeFileSync(editor, text, { mode: 0o755 });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (bundle: string): AgentPrograms =>
    writePrograms(foldersIn(join(root, 'state')), { bundle, node: editor, isEditor: true });
  const run = (program: string, PATH: string) => {
    const env = { HOME: root, XDG_STATE_HOME: root, PATH };
    const args = ['run', '--', '/bin/sh', '-c', SEEN];
    const { status, stdout, stderr } = spawnSync(program, args, { env, cwd: root, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const RAN = { status: 3, stdout: '[]\n', stderr: '' };

  it('is run by the editor itself where there is no Node, and its commands see nothing of that', () => {
    const { program } = write(BUNDLE);
    assert.deepEqual(run(program, join(root, 'empty')), RAN);
  });

  it('is run by the Node on PATH when the editor has gone, and by the editor that comes next', () => {
    const { program } = write(BUNDLE);
    renameSync(editor, `${editor}.old`);
    assert.deepEqual(run(program, dirname(process.execPath)), RAN);
    renameSync(`${editor}.old`, (editor += ' 2'));
    assert.equal(write(BUNDLE).program, program);
    assert.deepEqual(run(program, join(root, 'empty')), RAN);
  });

  it('stays where it is through updates, and is what came with the last', () => {
    const old = join(root, 'old.js');
    writeFileSync(old, 'console.log("old")');
    const before = write(old);
    assert.equal(run(before.program, '').stdout, 'old\n');
    const shell = readFileSync(before.prefix, 'utf8');
    assert.deepEqual(write(BUNDLE), before);
    // What it came with goes with the next update.
    rmSync(old);
    assert.deepEqual(run(before.program, join(root, 'empty')), RAN);
    assert.equal(readFileSync(before.prefix, 'utf8'), shell);
    const { status } = spawnSync(join(before.lookAlikes, 'bash'), ['-c', 'exit 4']);
    assert.equal(status, 4);
  });
});
