import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatBytes, formatDuration } from '../../../src/editor/text/amounts';
import { formatClock } from '../../../src/editor/text/clock';
import { essence } from '../../../src/editor/text/essence';
import { oneLine, shorten, shortLine } from '../../../src/editor/text/clean';
import { commandLabel, terminalName } from '../../../src/editor/text/commandLabel';

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
    [['\u202eevil\u0007', '\u001b[31m'], String.raw`$'\342\200\256evil\007' $'\033[31m'`],
    [['npm', 'run', 'a\nb'], String.raw`npm run $'a\nb'`],
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
          assert.ok(Array.from(terminalName({ argv: ['x', ...argv] }, place)).length <= 30);
        }
      }),
    );
  });

  it('name a tab by the command that matters', () => {
    const argv = ['bash', '-lc', 'cd /home/me/shop && npm test'];
    assert.equal(terminalName({ argv }, null), 'npm test');
    assert.equal(terminalName({ argv }, 'box'), 'npm test — box');
  });

  describe('never claim another program than the one that runs', () => {
    const claims: [argv: string[], label: string][] = [
      [['/tmp/evil/bash', '-c', 'git status'], "…/bash -c 'git status'"],
      [['bash', '--rcfile=/tmp/evil', '-ic', 'git status'], "bash --rcfile=/tmp/evil -ic 'git status'"],
      [
        ['bash', '--init-file', '/tmp/evil', '-ic', 'git status'],
        "bash --init-file /tmp/evil -ic 'git status'",
      ],
      [['./bash', '-c', 'git status'], "./bash -c 'git status'"],
      [['pwsh', '-File', '-c', 'git status'], "pwsh -File -c 'git status'"],
      [['C:\\evil\\cmd.exe', '/c', 'dir'], '…\\cmd.exe /c dir'],
      [['/tmp/evil/git', 'status'], '…/git status'],
      [['git status'], "'git status'"],
      [['FOO=bar', 'git', 'status'], "'FOO=bar' git status"],
      [['if', 'x'], "'if' x"],
    ];
    for (const [argv, label] of claims) {
      it(JSON.stringify(argv), () => assert.equal(commandLabel(argv), label));
    }

    it('nor another name than it is given', () => {
      assert.equal(commandLabel(['/bin/busybox', '-rf', 'x'], 'rm'), 'exec -a rm busybox -rf x');
      assert.equal(commandLabel(['bash', '-c', 'git status'], 'x'), "exec -a x bash -c 'git status'");
    });

    it('nor a part for the whole', () => {
      assert.match(commandLabel(['sh', '-c', `git status${' '.repeat(5000)}; rm x`]), /…$/);
      assert.match(commandLabel(['git', 'status', ' '.repeat(5000), 'x']), /…$/);
    });
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
  it('is one line, and never half a character', () => {
    assert.equal(oneLine('a\r\n b\u0000c'), 'a ⏎ bc');
    assert.equal(shorten('😀😀😀😀', 3), '😀😀…');
    assert.equal(shorten('abc', 3), 'abc');
    assert.equal(shortLine('a'.repeat(100), 3), 'aa…');
    assert.equal(shortLine('\u202e'.repeat(100) + 'rest', 3), '…');
  });
});

describe('times of day', () => {
  it('name their day only if that is another one', () => {
    const noon = new Date(2026, 4, 3, 12, 5).getTime();
    assert.match(formatClock(noon, noon + 3_600_000), /^\D?12:05\D*$/);
    assert.match(formatClock(noon, noon + 86_400_000), /3.*12:05/);
  });
});

describe('the command that matters', () => {
  const cases: [line: string, essence: string][] = [
    ['cd /home/me/shop && npm test -- --coverage', 'npm test -- --coverage'],
    ["cd 'a b'/c; ls", 'ls'],
    ['# a comment ⏎ set -e ⏎ make all', 'make all'],
    ["stay='while true' ⏎ a=1; make all", 'make all'],
    ['set -euo pipefail ⏎ cd "$HOME" ⏎ ./run.sh && echo done', './run.sh && echo done'],
    ['NODE_ENV=test DEBUG= npm start', 'npm start'],
    ['env A=b python x.py', 'python x.py'],
    ['export PATH="$PATH:/x"; . venv/bin/activate && pytest', 'pytest'],
    ['cd /home/me/shop', 'cd /home/me/shop'],
    ['# only a comment', '# only a comment'],
    ['A=1', 'A=1'],
    ['echo a && cd b', 'echo a && cd b'],
    ['setup && cdx', 'setup && cdx'],
  ];
  for (const [line, expected] of cases) it(line, () => assert.equal(essence(line), expected));

  it('is found in a moment, whatever strangers write', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('cd ', 'a', '"', "'", ' ', '=', '; ', '&&', '#', '⏎', 'set -e', '\\')),
        (parts) => {
          const line = parts.join('').slice(0, 200).trim();
          assert.ok(line.endsWith(essence(line)));
          assert.ok(line === '' || essence(line) !== '');
        },
      ),
    );
    essence(`cd ${'a'.repeat(200)}`);
    essence(`A=${"''".repeat(100)}`);
  });
});
