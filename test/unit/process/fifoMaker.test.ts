import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FifoMaker } from '../../../src/process/fifoMaker';
import { until } from './helpers';

const MODULE = join(__dirname, '../../../src/process/fifoMaker.ts');

(process.platform === 'win32' ? describe.skip : describe)('the maker of FIFOs', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fifos-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('removes them when its host dies before it has opened them', async () => {
    const program = `
      const { FifoMaker } = require('${MODULE}');
      const maker = new FifoMaker('mkfifo', '${folder}', ['${folder}/0', '${folder}/1']);
      void maker.made().then(() => console.log('made'));
      setInterval(() => undefined, 1000);`;
    const args = ['--import', 'tsx', '-e', program];
    const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((made) => host.stdout.once('data', made));
    assert.deepEqual(readdirSync(folder), ['0', '1']);
    host.kill('SIGKILL');
    await until(() => !existsSync(folder));
  });

  it('says when there are none', async () => {
    const maker = new FifoMaker('mkfifo', folder, [join(folder, 'no', 'folder')]);
    await assert.rejects(maker.made(), /mkfifo failed/);
    maker.end();
  });
});
