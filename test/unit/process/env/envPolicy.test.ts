import assert from 'node:assert/strict';
import { buildEnvironment, enforceExclusions } from '../../../../src/process/env/envPolicy';
import type { EnvPolicy } from '../../../../src/model';
import { hostEnvironment } from '../../../../src/process/env/hostEnvironment';

const ALL: EnvPolicy = { inherit: 'all', ignoreDefaultExcludes: true, exclude: [], set: {}, includeOnly: [] };
const BASE = { PATH: '/bin', Home: '/h', MY_TOKEN: 't', api_key: 'k', EDITOR: 'vi' };

function built(
  policy: Partial<EnvPolicy>,
  overlay: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
) {
  return buildEnvironment(BASE, { ...ALL, ...policy }, overlay, platform);
}

describe('buildEnvironment', () => {
  it('inherits all, the core without regard to case, or nothing', () => {
    assert.deepEqual(built({}), BASE);
    assert.deepEqual(built({ inherit: 'core' }), { PATH: '/bin', Home: '/h' });
    assert.deepEqual(built({ inherit: 'none' }), {});
  });

  it('drops secrets unless told not to', () => {
    assert.deepEqual(built({ ignoreDefaultExcludes: false }), { PATH: '/bin', Home: '/h', EDITOR: 'vi' });
  });

  it('excludes before it sets, and filters what is set by includeOnly', () => {
    assert.deepEqual(built({ exclude: ['*'], set: { EDITOR: 'ed' } }), { EDITOR: 'ed' });
    assert.deepEqual(built({ set: { NEW: '1', NEXT: '2' }, includeOnly: ['path', 'new'] }), {
      PATH: '/bin',
      NEW: '1',
    });
  });

  it('lays the overlay over everything, unfiltered', () => {
    assert.deepEqual(built({ includeOnly: ['PATH'] }, { PATH: '/x', A_SECRET: 's' }), {
      PATH: '/x',
      A_SECRET: 's',
    });
  });

  it('never passes on the reserved names, in any case and from any source', () => {
    const reserved = { openai_identity_token_FILE: 'x', CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE: '1' };
    assert.deepEqual(built({ inherit: 'none', set: reserved }, reserved), {});
    assert.deepEqual(enforceExclusions({ ...reserved, A: '1' }), { A: '1' });
  });

  it('on Windows treats names without regard to case and adds PATHEXT', () => {
    const env = buildEnvironment(
      { Path: 'a', SystemRoot: 'w', Zzz: '1' },
      { ...ALL, inherit: 'core', set: { PATH: 'b' } },
      { path: 'c' },
      'win32',
    );
    assert.deepEqual(env, { SystemRoot: 'w', path: 'c', PATHEXT: '.COM;.EXE;.BAT;.CMD' });
  });

  it('keeps a variable called __proto__ as one', () => {
    const env = buildEnvironment(JSON.parse('{"__proto__":"x"}') as Record<string, string>, ALL, {}, 'linux');
    assert.deepEqual(Object.keys(env), ['__proto__']);
  });

  it('refuses too many variables, and patterns that take too long to compare, by name', () => {
    const many = Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`N${i}`, '']));
    const tooMany = /^SpawnError: 40000 environment variables are more than 8192: leave some out$/;
    assert.throws(() => buildEnvironment({}, ALL, many), tooMany);
    assert.throws(() => buildEnvironment({}, { ...ALL, set: many }, {}), tooMany);
    assert.throws(() => enforceExclusions(many), tooMany);
    const patterns = Array.from({ length: 20_000 }, () => 'x');
    const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`N${i}`, '']));
    // Also before the first name is looked at.
    const unread = Array.from({ length: 100_000 }, (_, i) => `*${i}?a*`);
    assert.throws(
      () => buildEnvironment({}, { ...ALL, exclude: unread }, {}),
      /^SpawnError: envPolicy takes/,
    );
    for (const exclude of [patterns, [`*${'N'.repeat(20_000)}?b*`]]) {
      const base = { ...names, ['N'.repeat(80_000)]: '' };
      assert.throws(
        () => buildEnvironment(base, { ...ALL, exclude }, {}),
        /^SpawnError: envPolicy takes more than 2000000 comparisons/,
      );
    }
  });
});

describe('hostEnvironment', () => {
  it("drops the editor's variables only", () => {
    const env = hostEnvironment({
      PATH: '/bin',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '1',
      VSCODE_IPC_HOOK: 'x',
      CHROME_DESKTOP: 'code.desktop',
      SNAP: '/snap',
      SNAP_NAME: 'code',
      SNAPSHOT: 'mine',
      TERM_PROGRAM: 'vscode',
      TERM_PROGRAM_VERSION: '1',
      GIT_ASKPASS: '/opt/code/resources/app/extensions/git/dist/askpass.sh',
      SSH_ASKPASS: '/usr/bin/ssh-askpass',
      GONE: undefined,
    });
    assert.deepEqual(env, { PATH: '/bin', SNAPSHOT: 'mine', SSH_ASKPASS: '/usr/bin/ssh-askpass' });
  });

  it("keeps another terminal's name", () => {
    assert.deepEqual(hostEnvironment({ TERM_PROGRAM: 'other' }), { TERM_PROGRAM: 'other' });
  });
});
