import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '../../../src/process/libc';
import { NodeLauncher } from '../../../src/process/nodeLauncher';
import { ProcessTable } from '../../../src/process/processTable';
import { SpawnError } from '../../../src/process/spawnError';
import type { SpawnSpec } from '../../../src/process/types';
import { OWNER, posix, run, shell, spec, WAYS } from './helpers';

const NOT_FOUND = 'No such file or directory (os error 2)';
const DENIED = 'Permission denied (os error 13)';

for (const { name, loadSystem } of WAYS)
  (posix ? describe : describe.skip)(`starting, ${name}`, () => {
    const table = new ProcessTable({}, { loadSystem });
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
      const rows = table.list().length;
      try {
        await table.start('id', what, OWNER);
      } catch (error) {
        assert.ok(error instanceof SpawnError, String(error));
        assert.equal(table.list().length, rows);
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
          assert.match(
            await refusal(spec([join(folder, 'loop')], { tty })),
            /^Too many levels of symbolic links/,
          );
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
      const lines = Buffer.from(text(), 'latin1').toString().split('\0').filter(Boolean);
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

(posix ? describe : describe.skip)('starting without a native library', () => {
  const missing = (): never => {
    throw new Error('Failed to load native module');
  };
  const tables = {
    koffi: { loadSystem: missing },
    'node-pty': {
      loadSystem: () => {
        const libc = loadLibc();
        return { libc, launcher: new NodeLauncher(libc, missing) };
      },
    },
  };
  for (const [library, means] of Object.entries(tables)) {
    it(`says why there is no terminal, and runs pipes all the same: ${library}`, async () => {
      const without = new ProcessTable({}, means);
      await assert.rejects(without.start('id', spec(['true'], { tty: true }), OWNER), (error) => {
        assert.ok(error instanceof SpawnError);
        const system = `${process.platform}-${process.arch}`;
        assert.match(error.message, new RegExp(`${library}'s binary for ${system}.*Failed to load.*pipes`));
        return true;
      });
      assert.equal((await run(without, shell('exit 4'))).process.exitCode, 4);
      await without.shutdown();
    });
  }
});
