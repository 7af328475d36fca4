import assert from 'node:assert/strict';
import { both, ours, type Case } from './cases.js';
import { PATH } from './session.js';
import type { Json } from './client.js';

const CORE = [
  'PATH',
  'SHELL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LOGNAME',
  'USER',
];
/** Set by the shell itself, or by the dynamic start of env. */
const OWN = ['PWD', 'OLDPWD', 'SHLVL', '_'];

async function environment(t: Case, more: Json): Promise<Map<string, string>> {
  const session = await t.session();
  const proc = await session.start(['/usr/bin/env', '-0'], { env: {}, ...more });
  await proc.closed();
  const pairs = proc
    .text()
    .split('\0')
    .filter((line) => line !== '')
    .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return new Map(pairs.filter(([name]) => !OWN.includes(name)));
}

const policy = (more: Json = {}): Json => ({
  inherit: 'all',
  ignoreDefaultExcludes: true,
  exclude: [],
  set: {},
  includeOnly: [],
  ...more,
});

describe('the environment', () => {
  both('child-env: without a policy, env is the whole environment', async (t) => {
    assert.deepEqual([...(await environment(t, { env: {} }))], []);
    const env = { A: '1', 'B C': 'x y', EMPTY: '', UTF: '\u00e9\u2713', LINES: 'a\nb' };
    assert.deepEqual(Object.fromEntries(await environment(t, { env, envPolicy: null })), env);
  });

  both('child-env: inherit "all" starts with all of the server', async (t) => {
    t.needsLocal();
    const env = await environment(t, { envPolicy: policy() });
    assert.equal(env.get('WIRE_MARK'), 'mark');
    assert.equal(env.get('WIRE_API_KEY'), 'a');
    assert.ok(env.get('PATH')?.endsWith(PATH));
  });

  both('child-env: inherit "core" starts with the core names only', async (t) => {
    const env = await environment(t, { envPolicy: policy({ inherit: 'core' }) });
    assert.ok(env.has('PATH'));
    assert.deepEqual(
      [...env.keys()].filter((name) => !CORE.includes(name.toUpperCase())),
      [],
    );
  });

  both('child-env: inherit "none" starts with nothing', async (t) => {
    assert.deepEqual([...(await environment(t, { envPolicy: policy({ inherit: 'none' }) }))], []);
  });

  both('child-env: *KEY*, *SECRET* and *TOKEN* are dropped by default', async (t) => {
    t.needsLocal();
    const env = await environment(t, { envPolicy: policy({ ignoreDefaultExcludes: false }) });
    assert.deepEqual(
      [...env.keys()].filter((name) => /key|secret|token/i.test(name)),
      [],
    );
    assert.equal(env.get('WIRE_MARK'), 'mark');
  });

  both('child-env: exclude drops what was inherited, but neither set nor env', async (t) => {
    t.needsLocal();
    const env = await environment(t, {
      envPolicy: policy({ exclude: ['WIRE_*'], set: { WIRE_SET: 's' } }),
      env: { WIRE_OVER: 'o', WIRE_MARK: 'again' },
    });
    assert.deepEqual(Object.fromEntries([...env].filter(([name]) => name.startsWith('WIRE_'))), {
      WIRE_SET: 's',
      WIRE_OVER: 'o',
      WIRE_MARK: 'again',
    });
  });

  both('child-env: includeOnly keeps matching names, those of set included; env is laid over', async (t) => {
    t.needsLocal();
    const env = await environment(t, {
      envPolicy: policy({ includeOnly: ['*MARK', 'keep?'], set: { KEEP1: '1', KEEP22: '2', OTHER: '3' } }),
      env: { LAST: 'l' },
    });
    assert.deepEqual(Object.fromEntries(env), { WIRE_MARK: 'mark', KEEP1: '1', LAST: 'l' });
  });

  both('child-env: set wins over the inherited, env over set', async (t) => {
    const set = { PATH: '/set', A: 'set', B: 'set' };
    const env = await environment(t, { envPolicy: policy({ inherit: 'core', set }), env: { B: 'env' } });
    assert.deepEqual([env.get('PATH'), env.get('A'), env.get('B')], ['/set', 'set', 'env']);
  });

  const NAMES = ['ABC', 'aBc', 'ABCD', 'A.C', 'A[B]C', 'B', 'AXXC'];
  const PATTERNS: [string, string[]][] = [
    ['abc', ['ABC', 'aBc']],
    ['A?C', ['ABC', 'aBc', 'A.C']],
    ['a*c', ['ABC', 'aBc', 'A.C', 'A[B]C', 'AXXC']],
    ['A.C', ['A.C']],
    ['A[B]C', ['A[B]C']],
    ['*', NAMES],
    ['**b**', ['ABC', 'aBc', 'ABCD', 'A[B]C', 'B']],
    ['?', ['B']],
    ['', []],
  ];
  for (const [pattern, names] of PATTERNS) {
    both(`child-env: the pattern "${pattern}" keeps ${names.join(' ') || 'nothing'}`, async (t) => {
      const set = Object.fromEntries(NAMES.map((name) => [name, '1']));
      const env = await environment(t, {
        envPolicy: policy({ inherit: 'none', set, includeOnly: [pattern] }),
      });
      assert.deepEqual([...env.keys()].sort(), [...names].sort());
    });
  }

  both(
    'child-env: the protected names never reach a child, from env and set neither, whatever their case',
    async (t) => {
      const names = [
        'CODEX_EXEC_SERVER_NOISE_AUTH_TOKEN',
        'NODE_REPL_AUTH_TOKEN',
        'OPENAI_FEDERATION_RULE_ID',
        'OPENAI_IDENTITY_TOKEN_FILE',
        'OPENAI_WORKLOAD_IDENTITY_CONTEXT',
        'CODEX_EXEC_SERVER_EXIT_ON_STDIN_CLOSE',
        'openai_federation_rule_id',
      ];
      const all = Object.fromEntries(names.map((name) => [name, 'x']));
      assert.deepEqual([...(await environment(t, { env: all }))], []);
      const set = policy({ inherit: 'none', set: all });
      assert.deepEqual([...(await environment(t, { envPolicy: set, env: all }))], []);
    },
  );

  ours(
    "child-env: the editor's own variables are never inherited",
    async (t) => {
      t.needsLocal();
      for (const inherit of ['all', 'core']) {
        const env = await environment(t, { envPolicy: policy({ inherit }) });
        assert.deepEqual(
          [...env.keys()].filter((name) => /^VSCODE_|^ELECTRON_/.test(name)),
          [],
          inherit,
        );
      }
    },
    'the reference runs in no editor',
  );

  both('child-env: all members of a policy are required', async (t) => {
    const session = await t.session();
    for (const name of ['inherit', 'ignoreDefaultExcludes', 'exclude', 'set', 'includeOnly']) {
      const envPolicy = { ...policy(), [name]: undefined };
      await assert.rejects(session.sh('true', { envPolicy }), new RegExp(`-32602 missing field \`${name}\``));
    }
  });
});
