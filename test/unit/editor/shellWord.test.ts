import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { copyableCommand } from '../../../src/editor/text/commandLabel';

/** Those that are here; plain `sh` need not know `$'…'`. */
const SHELLS = ['bash', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'true']).status === 0);

describe('a copied command', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'exec-server-copy-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A program that says its name and arguments, each with a NUL behind it. */
  function program(name: string): string {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      `#!${process.execPath}\nprocess.stdout.write(process.argv.slice(1).map((w) => w + '\\0').join(''))\n`,
    );
    chmodSync(file, 0o755);
    return file;
  }
  const read = (shell: string, line: string): string[] =>
    execFileSync(shell, ['-c', line], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    })
      .split('\0')
      .slice(0, -1);

  it('is what ran, whole, whatever wraps it', () => {
    assert.equal(copyableCommand(['/usr/bin/git', 'log']), '/usr/bin/git log');
    assert.equal(copyableCommand(['/bin/bash', '-lc', 'npm test']), "/bin/bash -lc 'npm test'");
    assert.equal(copyableCommand(['/bin/busybox', '-rf'], 'rm'), '(exec -a rm /bin/busybox -rf)');
    const long = 'x'.repeat(100_000);
    assert.equal(copyableCommand(['a', long]), `a ${long}`);
  });

  it('is one line without anything that a terminal or a shell would do by itself', () => {
    const word = fc.string({
      unit: fc.constantFrom(
        'a',
        ' ',
        "'",
        '!',
        '\\',
        '$',
        '`',
        '\n',
        '\r',
        '\x03',
        '\x1b[201~',
        '\x9b',
        '\u202e',
      ),
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (argv) => {
        assert.doesNotMatch(copyableCommand(argv), /[\u0000-\u001f\u007f-\u009f\u202e]/);
      }),
    );
  });

  for (const shell of SHELLS) {
    it(`${shell} reads the same words back`, function () {
      this.timeout(60_000);
      const args = [
        ...[
          '',
          ' ',
          '~',
          '*',
          '$(touch x)',
          '`touch x`',
          '!!',
          '!a b',
          "it's",
          '"',
          '\\',
          '\\n',
          '#',
          '=ls',
          '%1',
          '{a,b}',
        ],
        ...[
          'a\nb',
          '\t',
          '\x1b[201~',
          '\r',
          '\x03',
          '\x7f',
          '\u202eä',
          "'\n'",
          '!\n',
          '\\\n',
          '$x\n',
          '\x1b1',
          '🙂\u200d',
          '-n',
          'a;b',
        ],
      ];
      const file = program('show');
      assert.deepEqual(read(shell, copyableCommand([file, ...args])), [file, ...args]);
    });

    for (const name of ['FOO=bar', 'if', 'eval', 'cd', '%1', '=ls', '-x', 'a b', 'wh\nat', '!']) {
      it(`${shell}: ${JSON.stringify(name)} is the name of a program`, () => {
        const file = program(name);
        assert.deepEqual(read(shell, copyableCommand([name, 'echo x'])), [file, 'echo x']);
      });
    }
  }
});
