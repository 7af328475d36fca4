import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatBytes, formatDuration } from '../../../src/editor/text/amounts';
import { fenced, oneLine, shorten } from '../../../src/editor/text/clean';
import { commandLabel, copyableCommand, terminalName } from '../../../src/editor/text/commandLabel';

describe('command labels', () => {
  const cases: [argv: string[], label: string][] = [
    [['/bin/bash', '-lc', 'npm test'], 'npm test'],
    [['/usr/bin/zsh', '-l', '-c', 'ls | wc -l'], 'ls | wc -l'],
    [['bash', '-c', 'echo "$1"', 'sh', 'x'], `bash -c 'echo "$1"' sh x`],
    [['C:\\Windows\\System32\\cmd.exe', '/d', '/s', '/c', 'dir'], 'dir'],
    [['powershell.exe', '-NoProfile', '-Command', 'Get-Date'], 'Get-Date'],
    [['/usr/bin/git', 'commit', '-m', "it's done"], `git commit -m 'it'\\''s done'`],
    [['/bin/sh', 'script.sh'], 'sh script.sh'],
    [['/bin/bash', '-lc', ''], 'bash'],
    [['/bin/bash', '-lc', 'one\n  two\tthree'], 'one ⏎ two three'],
    [['\u202eevil\u0007', '\u001b[31m'], "'evil' '[31m'"],
  ];
  for (const [argv, label] of cases) {
    it(JSON.stringify(argv), () => assert.equal(commandLabel(argv), label));
  }

  it('are never empty, never long, and hold nothing invisible', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (argv) => {
        const label = commandLabel(['x', ...argv]);
        assert.ok(label && label.length <= 400);

        assert.doesNotMatch(label, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        for (const place of [null, 'a very long name of a far away box']) {
          assert.ok(Array.from(terminalName(['x', ...argv], place)).length <= 30);
        }
      }),
    );
  });

  it('a copied command keeps its whole path', () => {
    assert.equal(copyableCommand(['/usr/bin/git', 'log']), '/usr/bin/git log');
  });
});

describe('amounts', () => {
  it('durations', () => {
    const all = [0, 40, 460, 999, 12_000, 185_000, 7_440_000].map(formatDuration);
    assert.deepEqual(all, ['0.1 s', '0.1 s', '0.4 s', '0.9 s', '12 s', '3 min 5 s', '2 h 4 min']);
  });

  it('bytes', () => {
    assert.deepEqual([0, 17, 4300, 32 * 1024 * 1024, 2 ** 41].map(formatBytes), [
      '0 B',
      '17 B',
      '4.2 KiB',
      '32 MiB',
      '2048 GiB',
    ]);
  });
});

describe('untrusted text', () => {
  it('no content ends a fence early', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n') }), (text) => {
        const block = fenced(text);
        const fence = /^`+/.exec(block)?.[0] ?? '';
        assert.ok(!text.includes(fence) && block.endsWith(fence));
      }),
    );
  });

  it('is one line, and never half a character', () => {
    assert.equal(oneLine('a\r\n b\u0000c'), 'a ⏎ bc');
    assert.equal(shorten('😀😀😀😀', 3), '😀😀…');
    assert.equal(shorten('abc', 3), 'abc');
  });
});
