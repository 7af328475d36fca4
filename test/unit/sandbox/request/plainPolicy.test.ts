import assert from 'node:assert/strict';
import type { SandboxPolicy } from '../../../../src/model';
import { requestOfPolicy, SandboxRefusal } from '../../../../src/sandbox';

const WRITE: SandboxPolicy = { mode: 'workspace-write', workspaceRoots: ['/w'] };

describe('a policy in plain terms', () => {
  it('lets everything be read and the workspace be written', () => {
    const request = requestOfPolicy({
      ...WRITE,
      writableRoots: ['/d/'],
      deny: ['/s', '/k/*.key', '**/*.env'],
    });
    assert.deepEqual(request, {
      network: false,
      files: {
        rules: [
          { place: 'root', access: 'read' },
          ...['/w', '/d', '/tmp'].map((path) => ({ place: { path }, access: 'write' })),
          { place: 'tmpdir', access: 'write' },
          { place: { path: '/s' }, access: 'deny' },
          { place: { under: '/', pattern: 'k/*.key' }, access: 'deny' },
          { place: { under: '/w', pattern: '**/*.env' }, access: 'deny' },
        ],
      },
    });
    assert.deepEqual(requestOfPolicy({ mode: 'read-only', network: true }), {
      network: true,
      files: { rules: [{ place: 'root', access: 'read' }] },
    });
  });

  const wrong: [object | string, string][] = [
    ['read-only', ''],
    [{}, 'mode'],
    [{ mode: 'free' }, 'mode'],
    [{ mode: 'workspace-write' }, 'workspaceRoots'],
    [{ mode: 'read-only', writableRoots: ['/x'] }, 'writableRoots'],
    [{ mode: 'read-only', denied: ['/x'] }, 'denied'],
    [{ mode: 'read-only', network: 'no' }, 'network'],
    [{ mode: 'read-only', deny: ['*.env'] }, 'deny[0]'],
    [{ ...WRITE, deny: ['../x'] }, 'deny[0]'],
    [{ ...WRITE, workspaceRoots: ['w'] }, 'workspaceRoots[0]'],
    [{ ...WRITE, writableRoots: ['/w/../x'] }, 'writableRoots[0]'],
  ];
  for (const [policy, field] of wrong)
    it(`is refused: ${JSON.stringify(policy)}`, () => {
      assert.throws(
        () => requestOfPolicy(policy),
        (error) => error instanceof SandboxRefusal && error.field === field,
      );
    });

  it('is refused for more roots, or more rules for all of them, than are looked for', () => {
    const many = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text}${n}`);
    const roots = many(1025, '/w');
    assert.throws(() => requestOfPolicy({ ...WRITE, workspaceRoots: roots }), /there are 1025 entries/);
    const deny = many(100, '*.');
    assert.throws(
      () => requestOfPolicy({ ...WRITE, workspaceRoots: roots.slice(0, 100), deny }),
      /for all workspace roots together there are more than 1024 rules/,
    );
  });
});
