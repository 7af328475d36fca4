import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CASE_MS } from '../../../scripts/host/patience.mjs';

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describe('the npm package for one platform', function () {
  this.timeout(CASE_MS);
  it('has that platform’s binaries alone, and nothing that would build others', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'package-library-'));
    try {
      const said = run(
        process.execPath,
        'scripts/package-library.mjs',
        '--target',
        'linux-arm64',
        '--out',
        folder,
      );
      const file = said.trim().split('\n').at(-1) ?? '';
      run('tar', '-xzf', path.join(folder, file), '-C', folder);
      const files = run('find', folder, '-name', '*.node').trim().split('\n');
      assert.deepEqual(
        files.map((each) => path.relative(path.join(folder, 'package/node_modules'), each)).sort(),
        ['koffi/build/koffi/linux_arm64/koffi.node', 'node-pty/prebuilds/linux-arm64/pty.node'],
      );
      const read = (name: string): Record<string, unknown> =>
        JSON.parse(readFileSync(path.join(folder, 'package', name, 'package.json'), 'utf8')) as never;
      const { os, cpu, libc, bundleDependencies, scripts } = read('.');
      assert.deepEqual([os, cpu, libc, scripts], [['linux'], ['arm64'], ['glibc'], undefined]);
      for (const name of bundleDependencies as string[])
        assert.equal(read(`node_modules/${name}`)['scripts'], undefined);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
