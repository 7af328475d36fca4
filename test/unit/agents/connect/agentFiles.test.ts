import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { agentKind, connectAgent, disconnectAgent, stateOf } from '../../../../src/agents/connect/agentFiles';
import { agentPrograms } from '../../../../src/agents/programs/writePrograms';

describe('connecting an agent', () => {
  let home = '';
  let env: NodeJS.ProcessEnv = {};
  const programs = agentPrograms({ programs: '/stable' });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
    env = { HOME: home, PATH: home };
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const put = (id: string, text: string): string => {
    const file = agentKind(id).file(env);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const status = (id: string): string => stateOf(agentKind(id), programs, env).status;

  for (const [id, wanted] of [
    ['codex', 'program = "/stable/exec-server"\nargs = ["connect"]'],
    ['claude', '"CLAUDE_CODE_SHELL_PREFIX": "/stable/exec-server-shell"'],
    ['opencode', '"shell": "/stable/lookalike/bash"'],
    ['gemini', '"command": "/stable/exec-server"'],
  ] as const) {
    it(`${id}: writes its file, sees that it did, and undoes it without a trace`, () => {
      const kind = agentKind(id);
      assert.equal(status(id), 'absent');
      connectAgent(kind, programs, env);
      assert.ok(readFileSync(kind.file(env), 'utf8').includes(wanted));
      assert.equal(status(id), 'connected');
      connectAgent(kind, programs, env);
      disconnectAgent(kind, programs, env);
      assert.equal(existsSync(kind.file(env)), false);
    });
  }

  it('leaves everything else in a file as it is: comments, order, rights and links', () => {
    const text = '{\n  // mine\n  "model": "x",\n  "env": { "A": "b" }\n}\n';
    const file = put('claude', text);
    chmodSync(file, 0o640);
    const link = join(home, 'real.json');
    rmSync(file);
    writeFileSync(link, text, { mode: 0o640 });
    symlinkSync(link, file);
    const kind = agentKind('claude');
    connectAgent(kind, programs, env);
    assert.match(readFileSync(file, 'utf8'), /\/\/ mine[\s\S]*"A": "b"[\s\S]*CLAUDE_CODE_SHELL_PREFIX/);
    assert.ok(lstatSync(file).isSymbolicLink());
    assert.equal(statSync(link).mode & 0o777, 0o640);
    disconnectAgent(kind, programs, env);
    const left = JSON.parse(readFileSync(file, 'utf8').replace('// mine', '')) as object;
    assert.deepEqual(left, { model: 'x', env: { A: 'b' } });
  });

  for (const [id, text] of [
    ['codex', 'default = "box"\n'],
    ['claude', '{"env":{"CLAUDE_CODE_SHELL_PREFIX":"/other"}}'],
    ['opencode', '{"shell":"/bin/zsh"}'],
  ] as const) {
    it(`${id}: refuses in words to replace what is not ours, and leaves it when disconnecting`, () => {
      const file = put(id, text);
      assert.equal(status(id), 'taken');
      assert.throws(
        () => connectAgent(agentKind(id), programs, env),
        (error: Error) => error.message.includes(file),
      );
      disconnectAgent(agentKind(id), programs, env);
      assert.equal(readFileSync(file, 'utf8'), text);
    });
  }

  it('says that a file is broken instead of writing over it', () => {
    const file = put('claude', '{ "env": ');
    assert.equal(status('claude'), 'unreadable');
    assert.throws(() => connectAgent(agentKind('claude'), programs, env), /cannot be read/);
    assert.equal(readFileSync(file, 'utf8'), '{ "env": ');
  });

  it('finds what is installed, and names what it knows', () => {
    writeFileSync(join(home, 'claude'), '', { mode: 0o755 });
    assert.equal(stateOf(agentKind('claude'), programs, env).found, join(home, 'claude'));
    assert.equal(stateOf(agentKind('codex'), programs, env).found, undefined);
    assert.throws(() => agentKind('x'), /codex, claude, opencode/);
  });
});
