import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { release, section } from '../../../scripts/lib/changelog.mjs';
import { ignoreFor, TARGETS } from '../../../scripts/lib/vsix.mjs';

const LOG = `# Changelog

## [Unreleased]

### Added

- Something.

## [1.0.0] - 2025-01-01

- The first.
`;

describe('the changelog of a release', () => {
  it('gives what was not released a version and a date, and begins anew', () => {
    const { text, notes } = release(LOG, '1.1.0', '2026-02-03');
    assert.equal(notes, '### Added\n\n- Something.');
    assert.equal(section(text, '## [Unreleased]'), '');
    assert.equal(section(text, '## [1.1.0]'), notes);
    assert.equal(section(text, '## [1.0.0]'), '- The first.');
    assert.match(text, /^## \[1\.1\.0\] - 2026-02-03$/m);
  });

  it('is refused when nothing has changed, when the version is there, and without a place for changes', () => {
    const { text } = release(LOG, '1.1.0', '2026-02-03');
    assert.throws(() => release(text, '1.2.0', '2026-02-03'), /nothing below \[Unreleased\]/);
    assert.throws(() => release(LOG, '1.0.0', '2026-02-03'), /has a section of 1\.0\.0 already/);
    assert.throws(() => release('# Changelog\n', '1.0.0', '2026-02-03'), /has no "## \[Unreleased\]"/);
  });

  it('has what it needs in the real one', () => {
    assert.doesNotThrow(() => section(readFileSync('CHANGELOG.md', 'utf8'), '## [Unreleased]'));
  });
});

describe('the package of one platform', () => {
  const all = readFileSync('.vscodeignore', 'utf8');
  const binaries = (text: string): string[] =>
    text.split('\n').filter((line) => /prebuilds|koffi\/build/.test(line));

  it('lets in that platform’s binaries alone', () => {
    assert.equal(binaries(all).length, 2, 'there are two lines to narrow');
    for (const [target, { pty, koffi }] of Object.entries<{ pty?: string; koffi?: string }>(TARGETS)) {
      const lines = binaries(ignoreFor(all, target));
      assert.deepEqual(
        lines.map((line) =>
          /prebuilds\/([^/]+)\/|build\/koffi\/([^/]+)\//.exec(line)?.slice(1).find(Boolean),
        ),
        [pty, koffi].filter(Boolean),
        target,
      );
    }
  });

  it('differs in nothing else, but for the code of what has no binary there', () => {
    const rest = (text: string): string[] =>
      text.split('\n').filter((line) => !line.startsWith('!node_modules/koffi/') && !binaries(line).length);
    for (const target of Object.keys(TARGETS)) {
      assert.deepEqual(rest(ignoreFor(all, target)), rest(all), target);
    }
    assert.ok(!ignoreFor(all, 'darwin-arm64').includes('koffi'));
  });
});
