import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { lives, until } from '../unit/process/helpers';

describe('a program with the library', function () {
  this.timeout(60_000);

  it('that dies by kill -9 leaves nothing running', async () => {
    const script = fileURLToPath(new URL('killedProgram.ts', import.meta.url));
    const program = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: program.stdout }), 'line')) as [string];
    const pid = Number(line);
    assert.ok(lives(pid));
    program.kill('SIGKILL');
    await until(() => !lives(pid), 30_000, 'the end of the command');
  });
});
