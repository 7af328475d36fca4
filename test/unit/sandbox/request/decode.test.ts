import assert from 'node:assert/strict';
import { decodeSandbox, isUnrestricted, SandboxRefusal } from '../../../../src/sandbox';
import { onPath, pattern, sandboxOf, special, type Entry } from '../support';

const managed = (file_system: unknown, network: unknown = 'restricted') => ({
  permissions: { type: 'managed', network, file_system },
  windowsSandboxLevel: 'disabled',
});
const withLevel = (permissions: unknown, more: object = {}) => ({
  permissions,
  windowsSandboxLevel: 'disabled',
  ...more,
});
const one = (entry: Entry, more: object = {}) => sandboxOf([entry], more);

describe('the sandbox of a request', () => {
  it('restricts nothing if there is none or it is disabled', () => {
    const free = [null, undefined, withLevel({ type: 'disabled' })];
    const others = [
      withLevel({ type: 'external', network: 'enabled' }),
      managed({ type: 'unrestricted' }, 'enabled'),
    ];
    for (const sandbox of [...free, ...others])
      assert.ok(isUnrestricted(decodeSandbox(sandbox)), JSON.stringify(sandbox));
  });

  it('restricts the network alone if the files are somebody else’s business', () => {
    for (const sandbox of [
      withLevel({ type: 'external', network: 'restricted' }),
      managed({ type: 'unrestricted' }),
    ])
      assert.deepEqual(decodeSandbox(sandbox), { files: 'all', network: false });
  });

  it('is read as Codex sends it, strange members and all', () => {
    const git = special('project_roots', 'read', { subpath: '.git' });
    const entries = [
      special('root', 'read'),
      special('project_roots', 'write'),
      special('slash_tmp', 'write'),
      special('tmpdir', 'write'),
      { ...git, missing_path_behavior: 'skip' },
      special('current_working_directory', 'read'),
      special('minimal', 'read'),
      onPath('/a%20b/', 'none'),
      pattern('/opt/*.key'),
      pattern('codex-project-roots://**/*.env'),
    ];
    const sandbox = sandboxOf(
      entries,
      {
        cwd: 'file:///w/sub',
        workspaceRoots: ['file:///w', 'file:///d/'],
        windowsSandboxProxySettingsMode: 'reconcile',
        useLegacyLandlock: false,
        policyContext: { cwd: 'file:///w', workspaceRoots: ['file:///w'] },
        userHomeDir: 'file:///root',
        temporaryDirectories: [],
        somethingNew: 1,
      },
      { glob_scan_max_depth: 4 },
    );
    const path = (name: string, access: string, more = {}) => ({ place: { path: name }, access, ...more });
    assert.deepEqual(decodeSandbox(sandbox), {
      network: false,
      files: {
        patternDepth: 4,
        rules: [
          { place: 'root', access: 'read' },
          path('/w', 'write'),
          path('/d', 'write'),
          path('/tmp', 'write'),
          { place: 'tmpdir', access: 'write' },
          path('/w/.git', 'read', { skipMissing: true }),
          path('/d/.git', 'read', { skipMissing: true }),
          path('/w/sub', 'read'),
          { place: 'minimal', access: 'read' },
          path('/a b', 'deny'),
          { place: { under: '/', pattern: 'opt/*.key' }, access: 'deny' },
          { place: { under: '/w', pattern: '**/*.env' }, access: 'deny' },
          { place: { under: '/d', pattern: '**/*.env' }, access: 'deny' },
        ],
      },
    });
  });

  const ROOTS = { workspaceRoots: ['file:///w'] };
  const restricted = (more: object) => managed({ type: 'restricted', entries: [], ...more });
  const cases: [string, unknown, string, RegExp][] = [
    ['no object', 7, '', /expected Object/],
    ['no permissions', { windowsSandboxLevel: 'disabled' }, 'permissions', /missing/],
    ['no Windows level', { permissions: { type: 'disabled' } }, 'windowsSandboxLevel', /missing/],
    ['an unknown type', withLevel({ type: 'loose' }), 'permissions.type', /"loose"/],
    ['external without network', withLevel({ type: 'external' }), 'permissions.network', /missing/],
    ['an unknown network', managed({ type: 'unrestricted' }, 'some'), 'permissions.network', /"some"/],
    ['no files', managed(undefined), 'permissions.file_system', /missing/],
    ['no entries', managed({ type: 'restricted' }), 'permissions.file_system.entries', /missing/],
    [
      'more entries than are looked for',
      restricted({
        entries: Array(1025).fill({ path: { type: 'special', value: { kind: 'root' } }, access: 'read' }),
      }),
      'permissions.file_system.entries',
      /there are 1025 entries; the limit is 1024/,
    ],
    ['depth 0', restricted({ glob_scan_max_depth: 0 }), 'permissions.file_system.glob_scan_max_depth', /0/],
    [
      'an unknown access',
      one(special('root', 'execute')),
      'permissions.file_system.entries[0].access',
      /"execute"/,
    ],
    [
      'an unknown kind',
      one(special('moon', 'deny')),
      'permissions.file_system.entries[0].path.value.kind',
      /"moon"/,
    ],
    [
      'unknown, denied',
      one(special('unknown', 'deny', { path: ':moon' })),
      'permissions.file_system.entries[0].path.value',
      /:moon/,
    ],
    [
      'unknown, read',
      one(special('unknown', 'read', { path: ':moon' })),
      'permissions.file_system.entries[0].path.value',
      /:moon/,
    ],
    [
      'unknown, no path',
      one(special('unknown', 'write')),
      'permissions.file_system.entries[0].path.value.path',
      /missing/,
    ],
    [
      'what to do with missing paths',
      one(onPath('/x', 'deny', { missing_path_behavior: 'make' })),
      'permissions.file_system.entries[0].missing_path_behavior',
      /"make"/,
    ],
    [
      'a subpath that leaves',
      one(special('project_roots', 'write', { subpath: 'a/../../x' }), ROOTS),
      'permissions.file_system.entries[0].path.value.subpath',
      /\.\./,
    ],
    [
      'an absolute subpath',
      one(special('project_roots', 'deny', { subpath: '/x' }), ROOTS),
      'permissions.file_system.entries[0].path.value.subpath',
      /absolute/,
    ],
    [
      'a subpath of tmpdir',
      one(special('tmpdir', 'write', { subpath: 'x' })),
      'permissions.file_system.entries[0].path.value.subpath',
      /no subpath/,
    ],
    ['a cwd that is not there', one(special('current_working_directory', 'write')), 'cwd', /missing/],
    [
      'the system denied',
      one(special('minimal', 'deny')),
      'permissions.file_system.entries[0].path.value',
      /cannot be denied/,
    ],
    [
      'a pattern to read',
      one(pattern('/x/*', 'read')),
      'permissions.file_system.entries[0].path.pattern',
      /only be denied/,
    ],
    [
      'a relative pattern',
      one(pattern('*.env')),
      'permissions.file_system.entries[0].path.pattern',
      /not absolute/,
    ],
    [
      'a foreign host',
      one({ path: { type: 'path', path: 'file://other/x' }, access: 'deny' }),
      'permissions.file_system.entries[0].path.path',
      /other/,
    ],
    [
      'a drive',
      one({ path: { type: 'path', path: 'file:///C:/x' }, access: 'deny' }),
      'permissions.file_system.entries[0].path.path',
      /Windows/,
    ],
    [
      'bytes that are no text',
      one(onPath('/x%FF', 'deny')),
      'permissions.file_system.entries[0].path.path',
      /%FF/,
    ],
    ['a NUL', one(onPath('/x%00', 'deny')), 'permissions.file_system.entries[0].path.path', /NUL/],
    ['a query', one(onPath('/x?', 'deny')), 'permissions.file_system.entries[0].path.path', /query/],
    [
      'a plain path',
      one({ path: { type: 'path', path: '/x' }, access: 'deny' }),
      'permissions.file_system.entries[0].path.path',
      /file URI/,
    ],
    [
      'a foreign root',
      one(special('root', 'read'), { workspaceRoots: ['file:///C:/w'] }),
      'workspaceRoots[0]',
      /Windows/,
    ],
    ['Landlock', one(special('root', 'read'), { useLegacyLandlock: true }), 'useLegacyLandlock', /Landlock/],
    [
      'a wrong context',
      withLevel({ type: 'disabled' }, { policyContext: { cwd: 7 } }),
      'policyContext.cwd',
      /7/,
    ],
  ];
  for (const [name, sandbox, field, reason] of cases)
    it(`is refused for ${name}, with the field and a way out`, () => {
      assert.throws(
        () => decodeSandbox(sandbox),
        (error) => {
          assert.ok(error instanceof SandboxRefusal, String(error));
          assert.equal(error.field, field);
          assert.match(error.reason, reason);
          assert.match(error.message, /Nothing was run or changed\. [A-Z].*\.$/s);
          assert.ok(error.message.length < 1000);
          return true;
        },
      );
    });

  it('gives no right that it does not know', () => {
    const request = decodeSandbox(one(special('unknown', 'write', { path: ':moon' })));
    assert.deepEqual(request.files, { rules: [], patternDepth: undefined });
  });
});
