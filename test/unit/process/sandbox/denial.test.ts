import assert from 'node:assert/strict';
import { decodeSandbox, resolvePolicy, type Policy } from '../../../../src/sandbox';
import { wasDenied } from '../../../../src/process/sandbox/denial';
import { diskLook, onPath, pattern, sandboxOf, special } from '../../sandbox/support';

describe('what proves that a sandbox has denied something', () => {
  const policyOf = (patterns: readonly string[]): Promise<Policy> => {
    const entries = [
      special('root', 'read'),
      onPath('/srv', 'write'),
      ...patterns.map((one) => pattern(one)),
    ];
    const surroundings = { tmpdir: undefined, platform: 'linux' } as const;
    return resolvePolicy(decodeSandbox(sandboxOf(entries)), surroundings, diskLook());
  };
  const isDenied = (policy: Policy, text: string, argv = ['sh']): boolean => {
    const log = { snapshot: () => ({ bytes: Buffer.from(text), droppedBytes: 0 }) };
    const rules = { policy, realPath: () => undefined };
    return wasDenied(rules, 1, { cwd: '/srv', argv, tty: true }, log as never);
  };

  it('is a path that the policy forbids beside the words of the system', async () => {
    const policy = await policyOf(['/**/*.key']);
    assert.equal(isDenied(policy, 'touch: /etc/x: Read-only file system\n'), true);
    assert.equal(isDenied(policy, 'touch: x: Read-only file system\n'), false);
    assert.equal(isDenied(policy, 'cat: a.key: Permission denied\n'), true);
    assert.equal(isDenied(policy, 'cat: a.txt: Permission denied\n'), false);
  });

  for (const [argv, expected] of [
    [['sh', '-c', 'cd /etc && touch x'], true],
    [['sh', '-c', 'cd sub; cd "../../etc" && touch x'], true],
    [['bash', '-lc', "(pushd '/var/lib'; touch x)"], true],
    [['make', '-C', '../opt'], true],
    [['sh', '-c', 'cd sub && touch x'], false],
    [['sh', '-c', 'touch x # abcd /etc'], false],
    [['sh', '-c', 'cd "$HOME" && touch x'], false],
    [['sh', '-c', `${'cd a; '.repeat(20)}cd /etc; touch x`], false],
  ] as const)
    it(`is ${expected ? '' : 'not '}a relative path after ${argv.join(' ').slice(0, 60)}`, async () => {
      assert.equal(isDenied(await policyOf([]), 'touch: x: Read-only file system\n', [...argv]), expected);
    });

  it('is not looked for any more once the words have taken as long as one path may', async () => {
    const policy = await policyOf(Array.from({ length: 1000 }, (_, n) => `/**/${'*a'.repeat(80)}${n}`));
    const line = `Permission denied ${`${'a'.repeat(900)} `.repeat(60)}\n`;
    const proof = 'touch: /etc/x: Read-only file system\n';
    assert.equal(isDenied(policy, proof), true);
    assert.equal(isDenied(policy, line + proof), false);
  });
});
