import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { both, ours } from './cases.js';
import type { Json } from './client.js';
import { uri } from './session.js';

/** As the Codex CLI sends it with a patch: see docs/protocol/sandbox.md#files. */
function workspaceWrite(root: string, more: readonly Json[] = []): Json {
  const special = (kind: string, access: string, rest: Json = {}): Json => ({
    path: { type: 'special', value: { kind, ...rest } },
    access,
  });
  const entries = [special('root', 'read'), special('project_roots', 'write'), ...more];
  const skip = { missing_path_behavior: 'skip' };
  for (const subpath of ['.git', '.agents', '.codex'])
    entries.push({ ...special('project_roots', 'read', { subpath }), ...skip });
  return {
    permissions: { type: 'managed', network: 'restricted', file_system: { type: 'restricted', entries } },
    cwd: uri(root),
    workspaceRoots: [uri(root)],
    policyContext: { cwd: uri(root), workspaceRoots: [uri(root)] },
    userHomeDir: uri(root),
    temporaryDirectories: [],
    windowsSandboxLevel: 'disabled',
    useLegacyLandlock: false,
  };
}

const READ_ONLY = /^Read-only file system \(os error 30\)$/;
const DENIED = /^Permission denied \(os error 13\)$/;

describe('fs/* in a sandbox', () => {
  both(
    'sandbox: a patch inside the workspace goes through, and outside or through a link it is refused',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      for (const folder of ['w/.git', 'out']) mkdirSync(`${dir}/${folder}`, { recursive: true });
      symlinkSync('../out', `${dir}/w/away`);
      const sandbox = workspaceWrite(`${dir}/w`);
      const write = (name: string): Json => ({ path: uri(`${dir}/${name}`), dataBase64: 'eA==', sandbox });
      await client.call('fs/createDirectory', { path: uri(`${dir}/w/a/b`), recursive: true, sandbox });
      await client.call('fs/writeFile', write('w/a/b/f'));
      assert.equal(readFileSync(`${dir}/w/a/b/f`, 'utf8'), 'x');
      for (const name of ['out/f', 'w/away/f', 'w/.git/config']) {
        const { code, message } = await client.fails('fs/writeFile', write(name));
        assert.equal(code, -32603);
        assert.match(message, READ_ONLY, name);
      }
      const copy = { sourcePath: uri(`${dir}/w/a`), destinationPath: uri(`${dir}/out/a`), recursive: true };
      assert.match((await client.fails('fs/copy', { ...copy, sandbox })).message, READ_ONLY);
      const open = { handleId: '1', path: uri(`${dir}/out/f`), mode: 'replace' };
      assert.match((await client.fails('fs/open', { ...open, sandbox })).message, READ_ONLY);
      const remove = { path: uri(`${dir}/w`), recursive: true, force: true };
      assert.equal((await client.fails('fs/remove', { ...remove, sandbox })).code, -32603);
      assert.deepEqual(readdirSync(`${dir}/out`), []);
      await client.call('fs/remove', { ...remove, path: uri(`${dir}/w/a`), sandbox });
      assert.ok(!existsSync(`${dir}/w/a`));
    },
  );

  ours(
    'sandbox: a protected name that is missing is not made',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const call = { path: uri(`${dir}/.codex`), dataBase64: 'eA==', sandbox: workspaceWrite(dir) };
      assert.match((await client.fails('fs/writeFile', call)).message, READ_ONLY);
      assert.ok(!existsSync(`${dir}/.codex`));
    },
    'the reference puts an empty folder there meanwhile',
  );

  both('sandbox: what is denied is neither read nor listed, and not copied', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    mkdirSync(`${dir}/secret`);
    writeFileSync(`${dir}/secret/f`, 'secret');
    writeFileSync(`${dir}/.env`, 'secret');
    const sandbox = workspaceWrite(dir, [
      { path: { type: 'path', path: uri(`${dir}/secret`) }, access: 'deny' },
      { path: { type: 'glob_pattern', pattern: 'codex-project-roots://**/.env' }, access: 'deny' },
    ]);
    const inside = { path: uri(`${dir}/secret/f`), sandbox };
    for (const [method, params] of [
      ['fs/readFile', inside],
      ['fs/getMetadata', inside],
      ['fs/canonicalize', inside],
      ['fs/open', { ...inside, handleId: '1', mode: 'read' }],
      ['fs/readFile', { ...inside, path: uri(`${dir}/.env`) }],
      ['fs/readDirectory', { ...inside, path: uri(`${dir}/secret`) }],
      [
        'fs/copy',
        { sourcePath: inside.path, destinationPath: uri(`${dir}/copy`), recursive: false, sandbox },
      ],
    ] as const) {
      const { code, message } = await client.fails(method, params);
      assert.equal(code, -32600, method);
      assert.match(message, DENIED, method);
    }
    const found = await client.call('fs/getMetadata', { path: uri(`${dir}/secret`), sandbox });
    assert.equal(found['isDirectory'], true);
    const options = { maxDepth: 3, maxDirectories: 9, maxEntries: 99, followDirectorySymlinks: false };
    const walked = (await client.call('fs/walk', { path: uri(dir), options, sandbox })) as Record<
      string,
      Json[]
    >;
    assert.match(JSON.stringify(walked['errors']), /secret.*Permission denied/);
    assert.doesNotMatch(JSON.stringify(walked['entries']), /secret\/f/);
  });

  ours(
    'sandbox: what is denied is not watched',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      mkdirSync(`${dir}/secret`);
      const secret = { path: { type: 'path', path: uri(`${dir}/secret`) }, access: 'deny' };
      const params = {
        watchId: 1,
        missing: [uri(`${dir}/secret/g`)],
        sandbox: workspaceWrite(dir, [secret]),
      };
      assert.match((await client.fails('fs/watchMissing', params)).message, DENIED);
    },
    'the reference looks at no sandbox there',
  );

  ours(
    'sandbox: what cannot be kept is refused in words, and changes nothing',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const whole = workspaceWrite(dir);
      const call = { path: uri(`${dir}/x`), dataBase64: '' };
      for (const [sandbox, field] of [
        [{ ...whole, permissions: { type: 'new-kind' } }, /permissions\.type/],
        [{ ...whole, windowsSandboxLevel: undefined }, /windowsSandboxLevel/],
        [{ ...whole, workspaceRoots: ['file:///C:/x'] }, /workspaceRoots\[0\]/],
        [{ ...whole, useLegacyLandlock: true }, /useLegacyLandlock/],
        [{ ...whole, policyContext: 1 }, /policyContext/],
      ] as const) {
        const { code, message } = await client.fails('fs/writeFile', { ...call, sandbox });
        assert.equal(code, -32602);
        assert.match(message, field);
        assert.match(message, /Nothing was run or changed/);
      }
      assert.ok(!existsSync(`${dir}/x`));
    },
    'the reference has other words',
  );
});
