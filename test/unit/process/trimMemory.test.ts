import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Many pieces of some KB, of which a few stay: the C library keeps the room of the others. */
const SCRIPT = `
const { trimMemory } = require('./src/process/native/trimMemory.ts');
let pieces = Array.from({ length: 20_000 }, () => Buffer.alloc(12_000, 1));
globalThis.kept = pieces.filter((_, index) => index % 100 === 0);
pieces = undefined;
const settle = async () => { for (let left = 5; left > 0; left--) { gc(); await new Promise((go) => setTimeout(go, 20)); } };
settle().then(() => {
  const before = process.memoryUsage.rss();
  trimMemory();
  console.log((before - process.memoryUsage.rss()) / 2 ** 20);
});
`;

describe('memory that is free', () => {
  it('goes back to the system', function () {
    const libc = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
    if (process.platform !== 'linux' || !libc.glibcVersionRuntime) this.skip();
    const args = ['--expose-gc', '--import', 'tsx', '-e', SCRIPT];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.ok(Number(stdout) > 50, `${stdout} MiB went back; ${stderr}`);
  });
});
