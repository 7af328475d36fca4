import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { osText } from '../../../../src/os';
import { ProcessTable } from '../../../../src/process/processTable';
import { SpawnError } from '../../../../src/process/errors';
import type { SpawnSpec } from '../../../../src/process/types';
import { linux, OWNER, posix, run, spec, WAYS } from '../helpers';

const isOurs = (line: string): boolean => line !== '' && !line.startsWith('NODE_V8_COVERAGE=');

const NOT_FOUND = 'No such file or directory (os error 2)';
const DENIED = 'Permission denied (os error 13)';

for (const { name, loadPlatform } of WAYS)
  (posix ? describe : describe.skip)(`starting, ${name}`, () => {
    const table = new ProcessTable({}, { loadPlatform });
    const folder = mkdtempSync(join(tmpdir(), 'start-test-'));
    const first = join(folder, 'first');
    const second = join(folder, 'second');
    before(() => {
      for (const path of [first, second]) mkdirSync(path);
      writeFileSync(join(first, 'tool'), '#!/bin/sh\necho wrong\n', { mode: 0o644 });
      writeFileSync(join(second, 'tool'), '#!/bin/sh\necho "$0|$1|$PWD"\n');
      chmodSync(join(second, 'tool'), 0o755);
      writeFileSync(join(folder, 'plain'), '');
      symlinkSync('loop', join(folder, 'loop'));
    });
    after(async () => {
      await table.shutdown();
      rmSync(folder, { recursive: true });
    });

    async function refusal(what: SpawnSpec): Promise<string> {
      const ran = (): number => table.list().filter(({ noStart }) => !noStart).length;
      const rows = ran();
      try {
        await table.start('id', what, OWNER);
      } catch (error) {
        assert.ok(error instanceof SpawnError, String(error));
        assert.equal(ran(), rows);
        return error.message;
      }
      return 'it ran';
    }

    for (const tty of [false, true]) {
      describe(tty ? 'in a terminal' : 'on pipes', () => {
        it('says what the system says', async () => {
          assert.equal(await refusal(spec(['/nowhere/x'], { tty })), NOT_FOUND);
          assert.equal(await refusal(spec(['true'], { tty, cwd: '/nowhere' })), NOT_FOUND);
          assert.equal(
            await refusal(spec(['true'], { tty, cwd: '/bin/sh' })),
            'Not a directory (os error 20)',
          );
          assert.equal(await refusal(spec([join(folder, 'plain')], { tty })), DENIED);
          assert.equal(await refusal(spec([folder], { tty })), DENIED);
          // The same words as those of the file operations.
          const loop = join(folder, 'loop');
          for (const what of [spec([loop], { tty }), spec(['true'], { tty, cwd: loop })])
            assert.equal(await refusal(what), osText('ELOOP'));
          assert.equal(await refusal(spec(['x'.repeat(300)], { tty })), osText('ENAMETOOLONG'));
        });

        it('names a missing program', async () => {
          const kind = tty ? 'PTY' : 'pipe';
          assert.equal(await refusal(spec([''], { tty })), `missing program for ${kind} spawn`);
          assert.equal(await refusal(spec([], { tty })), `missing program for ${kind} spawn`);
          const expected = tty
            ? 'Unable to spawn no-such-tool because:\nNo viable candidates found in PATH "/bin:/usr/bin"'
            : NOT_FOUND;
          assert.equal(await refusal(spec(['no-such-tool'], { tty, env: {} })), expected);
        });

        it('refuses a NUL in any text', async () => {
          const text = 'nul byte found in provided data';
          for (const more of [
            { argv: ['true', 'a\0'] },
            { arg0: '\0' },
            { cwd: '/\0' },
            { env: { A: '\0' } },
          ]) {
            assert.equal(await refusal(spec(['true'], { tty, ...more })), text);
          }
        });

        it("searches the child's PATH, passing over what may not be run", async () => {
          const env = { PATH: `${first}:${second}:/bin:/usr/bin` };
          const { text } = await run(table, spec(['tool', 'a b'], { tty, env, cwd: first }));
          assert.match(text(), /^[^|]*tool\|a b\|/);
          assert.equal(await refusal(spec(['tool'], { tty, env: { PATH: first } })), DENIED);
        });

        it('searches the system path without PATH, and relative names from the working directory', async () => {
          assert.match((await run(table, spec(['echo', 'ok'], { tty, env: {} }))).text(), /^ok/);
          const env = { PATH: '/bin:/usr/bin' };
          const { text } = await run(table, spec(['./tool', 'x'], { tty, env, cwd: second }));
          assert.match(text(), /^\.\/tool\|x\|/);
        });

        (linux ? it : it.skip)('runs no binary as a script, whatever its bytes say', async () => {
          const touch = `\ntouch ${folder}/RAN\n`;
          const own = readFileSync('/bin/true');
          const otherMachine = Buffer.concat([own]);
          otherMachine.writeUInt16LE(0x1234, 18);
          const files: Record<string, Buffer> = {
            'damaged ELF': Buffer.from(`\x7fELF\x02\x01\x01${touch}`, 'latin1'),
            'cut ELF': Buffer.concat([own.subarray(0, 80), Buffer.from(touch)]),
            'foreign ELF': Buffer.concat([otherMachine, Buffer.from(touch)]),
            'ELF without segments': Buffer.concat([own.subarray(0, 56), Buffer.alloc(8), Buffer.from(touch)]),
            'NUL in the first line': Buffer.from(`MZ\0\x03${touch}`, 'latin1'),
            'Mach-O': Buffer.from(`\xcf\xfa\xed\xfe\x07\x01${touch}`, 'latin1'),
            'control characters': Buffer.from(`\x1f\x8b\x08abc${touch}`, 'latin1'),
          };
          const path = join(folder, 'binary');
          for (const [name, bytes] of Object.entries(files)) {
            writeFileSync(path, bytes, { mode: 0o755 });
            const error = { code: 'ENOEXEC', message: 'Exec format error (os error 8)' };
            await assert.rejects(run(table, spec([path], { tty })), error, name);
            const env = { PATH: `${folder}:/bin` };
            await assert.rejects(run(table, spec(['binary'], { tty, env })), error, name);
          }
          assert.ok(!existsSync(join(folder, 'RAN')));
          rmSync(path);
        });

        it('runs text without a #! line as a shell does', async () => {
          const path = join(folder, 'text');
          for (const text of [
            'echo ran\n',
            '\ufeff:\necho ran\n',
            '# ü\t\x1b[1m\necho ran\0\n',
            '\necho ran',
          ]) {
            writeFileSync(path, text, { mode: 0o755 });
            assert.match((await run(table, spec([path], { tty }))).text(), /ran/, text);
          }
          rmSync(path);
        });

        it('shows the program its argv[0]', async () => {
          assert.match((await run(table, spec(['sh', '-c', 'echo "$0"'], { tty }))).text(), /^sh\r?\n$/);
          const named = await run(table, spec(['sh', '-c', 'echo "$0"'], { tty, arg0: 'a name' }));
          assert.match(named.text(), /^a name\r?\n$/);
        });
      });
    }

    it('gives exactly the environment, on pipes', async () => {
      const env = { A: '1', Ä: 'ü\n', EMPTY: '' };
      const { text } = await run(table, spec(['/usr/bin/env', '-0'], { env }));
      // Node gives its children this one, whatever their environment, when coverage is measured.
      const lines = Buffer.from(text(), 'latin1').toString().split('\0').filter(isOurs);
      assert.deepEqual(lines.sort(), ['A=1', 'EMPTY=', 'Ä=ü\n']);
    });

    it('adds SHELL in a terminal if it is absent, and nothing else', async () => {
      const { text } = await run(table, spec(['/usr/bin/env'], { env: { A: '1' }, tty: true }));
      assert.deepEqual(
        text()
          .trim()
          .split('\r\n')
          .map((line) => line.split('=')[0])
          .sort(),
        ['A', 'SHELL'],
      );
      const own = await run(table, spec(['/usr/bin/env'], { env: { SHELL: 'mine' }, tty: true }));
      assert.equal(own.text(), 'SHELL=mine\r\n');
    });

    it('refuses a terminal size out of bounds', async () => {
      for (const size of [
        { rows: 0, cols: 80 },
        { rows: 24, cols: 65536 },
        { rows: 1.5, cols: 80 },
      ]) {
        await assert.rejects(table.start('id', spec(['true'], { tty: true, size }), OWNER), RangeError);
      }
    });
  });
