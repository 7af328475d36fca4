import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Environment } from '../../../src/environment/environment';
import { ProcessTable } from '../../../src/process/processTable';
import { closeOf, exitOf, outputOf, ScriptedServer } from '../client/scriptedServer';
import { OWNER, untilClosed } from '../process/helpers';

const MIB = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** What the output of processes takes here, after everything that is in nobody's hands has gone. */
async function heldBytes(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers;
}

describe('what is retained of processes elsewhere', () => {
  it('lies within the bound of the table, however many have closed', async () => {
    const table = new ProcessTable({ retainedBytesTotal: 8 * MIB });
    const server = new ScriptedServer();
    const box = Environment.at('box', { connector: server }, { table });
    await box.connect();
    const before = await heldBytes();
    for (let count = 0; count < 100; count++) {
      const processId = `p${String(count)}`;
      const params = { processId, argv: ['x'], cwd: '/', env: {}, tty: false, pipeStdin: false };
      const child = await box.start(params, OWNER);
      const chunks = MIB / CHUNK_BYTES;
      for (let seq = 1; seq <= chunks; seq++) {
        server.send(outputOf(processId, seq, Buffer.alloc(CHUNK_BYTES, seq)));
      }
      server.send(exitOf(processId, chunks + 1), closeOf(processId, chunks + 2));
      await untilClosed(child);
      assert.equal(child.totalBytes, MIB);
    }
    assert.equal(table.list().length, 100);
    const held = (await heldBytes()) - before;
    assert.ok(held > 6 * MIB && held < 12 * MIB, `${(held / MIB).toFixed(1)} MiB`);
    table.clearFinished();
    await box[Symbol.asyncDispose]();
  });
});
