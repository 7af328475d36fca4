import assert from 'node:assert/strict';
import { ProcessTable } from '../../../../src/process/processTable';
import type { SpawnSpec } from '../../../../src/process/types';
import { linux, OWNER, spec } from '../helpers';

const TOO_LONG_NAME = /^SpawnError: Filename too long \(os error 36\)$/;
const TOO_MUCH = /^SpawnError: Argument list too long \(os error 7\)$/;

/** Turns of the event loop while it waits. */
async function turnsDuring(task: Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns++;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await task;
  over = true;
  return turns;
}

(linux ? describe : describe.skip)('what is too long for the system', () => {
  const table = new ProcessTable();
  const start = (argv: string[], more: Partial<SpawnSpec> = {}) => table.start('id', spec(argv, more), OWNER);
  after(() => table.shutdown());

  for (const tty of [false, true]) {
    it(`is refused in its words, ${tty ? 'in a terminal' : 'on pipes'}`, async () => {
      for (const program of ['x'.repeat(300), `/${'x'.repeat(300)}`, `/${'x/'.repeat(1_000_000)}`])
        await assert.rejects(start([program], { tty }), TOO_LONG_NAME);
      for (const cwd of ['/'.repeat(100_000), `/${'x'.repeat(300)}`])
        await assert.rejects(start(['true'], { tty, cwd }), TOO_LONG_NAME);
      for (const PATH of [':'.repeat(2 * 1024 * 1024), '/x:'.repeat(200_000)])
        await assert.rejects(start(['true'], { tty, env: { PATH } }), TOO_MUCH);
      const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`N${i}`, 'é'.repeat(4000)]));
      await assert.rejects(start(['true'], { tty, env: many }), TOO_MUCH);
      await assert.rejects(start(['true', 'é'.repeat(70_000)], { tty }), TOO_MUCH);
    });
  }

  it('is a PATH of very many folders, which is refused by name', async () => {
    const PATH = Array.from({ length: 5000 }, (_, i) => `/nowhere/${i}`).join(':');
    await assert.rejects(
      start(['true'], { env: { PATH } }),
      /^SpawnError: PATH has 5000 folders, which is more than 4096/,
    );
  });

  it('is not a long PATH, which is searched without holding up the rest', async () => {
    const folders = Array.from({ length: 4000 }, (_, i) => `/${process.pid}-${i}`);
    const env = { PATH: [...folders, '/bin', '/usr/bin'].join(':') };
    assert.ok((await turnsDuring(start(['true'], { env }))) > 100);
    const colons = { PATH: `${':'.repeat(100_000)}:/bin:/usr/bin` };
    await start(['true'], { env: colons });
  });
});
