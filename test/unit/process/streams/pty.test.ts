import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { withArg0 } from '../../../../src/process/spawn/arg0';
import { ProcessTable } from '../../../../src/process/processTable';
import { SpawnError } from '../../../../src/process/errors';
import { loadPlatform, type PlatformLoader } from '../../../../src/process/spawn/platform';
import { linux, OWNER, posix, run, shell, spec, until, untilOutput, WAYS } from '../helpers';

for (const { name, loadPlatform } of WAYS)
  (posix ? describe : describe.skip)(`terminals, ${name}`, () => {
    const table = new ProcessTable({}, { loadPlatform });
    after(() => table.shutdown());

    it('have 24 × 80 cells, or what was asked for, and can be resized', async () => {
      assert.match((await run(table, shell('stty size', { tty: true }))).text(), /^24 80\r\n$/);
      const size = { rows: 50, cols: 132 };
      const process = await table.start(
        'id',
        shell('stty size; trap "stty size" WINCH; echo on; while :; do sleep 0.05; done', {
          tty: true,
          size,
        }),
        OWNER,
      );
      assert.match(await untilOutput(process, /on/), /^50 132/);
      await process.resize({ rows: 10, cols: 65535 });
      await untilOutput(process, /10 65535/);
      assert.throws(() => process.resize({ rows: 0, cols: 1 }), RangeError);
      await process.stop({ from: 'kill', by: 'person' });
      await process.resize(size);
      const pipes = await table.start('id', spec(['true']), OWNER);
      assert.throws(() => pipes.resize(size), /no terminal/);
    });

    it('are the controlling terminal, with all output as one stream', async () => {
      const { text, events } = await run(
        table,
        shell('echo a; echo b >&2; echo c > /dev/tty', { tty: true }),
      );
      assert.equal(text('pty'), 'a\r\nb\r\nc\r\n');
      assert.ok(events.every((event) => event.type !== 'output' || event.stream === 'pty'));
    });

    it('carry raw bytes, split anywhere', async () => {
      const { events } = await run(table, spec(['printf', '\\303\\244\\377\\000x'], { tty: true }));
      const bytes = Buffer.concat(events.flatMap((event) => (event.type === 'output' ? [event.chunk] : [])));
      assert.deepEqual([...bytes], [0xc3, 0xa4, 0xff, 0, 0x78]);
    });

    it('end with 128 + N after signal N', async () => {
      const { process } = await run(table, shell('kill -TERM $$', { tty: true }));
      assert.equal(process.exitCode, 143);
      assert.equal(process.exitSignal, 15);
    });

    it('stay open while a descendant has them, and keep its late output', async () => {
      const { events, text } = await run(
        table,
        shell('(trap "" HUP; sleep 0.4; echo late) & sleep 0.1; echo early', { tty: true }),
      );
      assert.equal(text(), 'early\r\nlate\r\n');
      assert.deepEqual(
        events.map(({ type }) => type),
        ['output', 'exited', 'output', 'closed'],
      );
    });

    it('are not hung up on a program that closes its output before it exits', async () => {
      const early = shell('exec <&- >&- 2>&-; sleep 0.2; exit 9', { tty: true });
      for (const { process } of await Promise.all([1, 2, 3].map(() => run(table, early)))) {
        assert.equal(process.exitCode, 9);
      }
      for (let i = 0; i < 100; i++) {
        const { process } = await run(table, spec(['echo', 'x'], { tty: true }));
        assert.equal(process.exitCode, 0);
        assert.equal(process.totalBytes, 3);
      }
    });

    it('join what is there in one turn into one chunk', async () => {
      // How much is there depends on who of the two runs more; the best of a few attempts counts.
      const attempts = [];
      for (let i = 0; i < 4; i++) {
        const { events, process } = await run(table, shell('head -c 2000000 /dev/zero', { tty: true }));
        assert.equal(process.totalBytes, 2_000_000);
        attempts.push(events.length);
      }
      assert.ok(Math.min(...attempts) < 2_000_000 / 4096, `${attempts.join(', ')} chunks`);
    });

    it('block a child whose reader is paused', async () => {
      const process = await table.start('id', spec(['cat', '/dev/zero'], { tty: true }), OWNER);
      const attachment = process.subscribe(() => undefined);
      attachment.pause();
      await sleep(200);
      const before = process.totalBytes;
      await sleep(200);
      assert.equal(process.totalBytes, before);
      attachment.dispose();
      await until(() => process.totalBytes > before + 1_000_000);
      await process.stop({ from: 'kill', by: 'person' });
    });
  });

describe('withArg0', () => {
  it('needs a shell that can, and says so', async () => {
    const none = (): Promise<boolean> => Promise.resolve(false);
    assert.deepEqual(await withArg0({ argv: ['a', 'b'], arg0: 'a', env: {} }, none), ['a', 'b']);
    await assert.rejects(withArg0({ argv: ['a'], arg0: 'x', env: {} }, none), SpawnError);
  });

  const names = async (loadPlatform: PlatformLoader): Promise<string[]> => {
    const table = new ProcessTable({}, { loadPlatform });
    const env = { PATH: '/bin:/usr/bin', SHELL: 's', PWD: 'mine' };
    const { text } = await run(table, spec(['env'], { tty: true, arg0: 'other', env }));
    await table.shutdown();
    const lines = text().trim().split('\r\n');
    return lines.map((line) => line.split('=')[0] ?? '').sort();
  };
  const [own, byNode] = WAYS;

  (byNode ? it : it.skip)('adds nothing to the environment but _ and SHLVL', async () => {
    const added = await names(byNode?.loadPlatform ?? loadPlatform);
    assert.deepEqual(
      added.filter((name) => name !== '_' && name !== 'SHLVL'),
      ['PATH', 'PWD', 'SHELL'],
    );
  });

  (linux ? it : it.skip)('is not needed on Linux, which adds nothing', async () => {
    assert.deepEqual(await names(own?.loadPlatform ?? loadPlatform), ['PATH', 'PWD', 'SHELL']);
  });
});
