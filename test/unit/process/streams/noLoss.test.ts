import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTable } from '../../../../src/process/processTable';
import { FLOOD, OWNER, posix, shell, spec, until, untilClosed } from '../helpers';

const MIB = Number(process.env['NO_LOSS_MIB'] ?? 64);
const RUNS = Number(process.env['NO_LOSS_RUNS'] ?? 2);
/** What a run may add to the memory of this process, whatever tests before it have left. */
const GROWTH_BOUND = 200 * 1024 * 1024;

(posix ? describe : describe.skip)(`no byte is lost: ${MIB} MiB, ${RUNS} runs`, function () {
  this.timeout(0);
  const table = new ProcessTable();
  const expected = FLOOD.digest(MIB);
  after(() => table.shutdown());

  for (const tty of [false, true]) {
    for (const slow of [false, true]) {
      it(`${tty ? 'terminal' : 'pipe'}, ${slow ? 'slow' : 'fast'} reader`, async () => {
        for (let i = 0; i < RUNS; i++) {
          const process = await table.start(
            'id',
            spec([globalThis.process.execPath, '-e', FLOOD.script(MIB)], { tty }),
            OWNER,
          );
          const hash = createHash('sha256');
          let unread = 0;
          const before = globalThis.process.memoryUsage.rss();
          let most = 0;
          await new Promise<void>((resolve) => {
            const attachment = process.subscribe((event) => {
              if (event.type === 'output') {
                hash.update(event.chunk);
                unread += event.chunk.length;
                if (slow && unread > 2_000_000) {
                  attachment.pause();
                  unread = 0;
                  setTimeout(() => attachment.resume(), 5);
                }
                most = Math.max(most, globalThis.process.memoryUsage.rss());
              } else if (event.type === 'closed') resolve();
            });
          });
          assert.equal(process.totalBytes, MIB * 1024 * 1024);
          assert.equal(hash.digest('hex'), expected);
          assert.ok(most - before < GROWTH_BOUND, `grew by ${most - before} bytes`);
        }
      });
    }

    it(`${tty ? 'terminal' : 'pipe'}: a reader that is paused over the exit gets all of it`, async () => {
      // It waits, so that the reader is paused before there is anything.
      const script = 'sleep 0.5; head -c 3000 /dev/zero; exit 7';
      const process = await table.start('id', shell(script, { tty }), OWNER);
      let bytes = 0;
      const attachment = process.subscribe(
        (event) => (bytes += event.type === 'output' ? event.chunk.length : 0),
      );
      attachment.pause();
      await until(() => process.exitCode === 7);
      await sleep(300);
      assert.equal(process.closed, false);
      attachment.resume();
      await untilClosed(process);
      assert.equal(bytes, 3000);
    });

    it(`${tty ? 'terminal' : 'pipe'}: 200 short floods end with their last byte`, async () => {
      for (let round = 0; round < 10; round++) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            const size = 4000 + i * 977;
            const process = await table.start(
              'id',
              shell(`head -c ${size} /dev/zero; printf END`, { tty }),
              OWNER,
            );
            let tail = '';
            await new Promise<void>((resolve) => {
              process.subscribe((event) => {
                if (event.type === 'output') tail = (tail + event.chunk.toString('latin1')).slice(-3);
                if (event.type === 'closed') resolve();
              });
            });
            assert.equal(process.totalBytes, size + 3);
            assert.equal(tail, 'END');
          }),
        );
      }
    });
  }
});
