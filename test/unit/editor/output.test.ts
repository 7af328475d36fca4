import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputText } from '../../../src/editor/output/outputText';
import { saveOutput } from '../../../src/editor/output/saveOutput';
import { ProcessTable, type ManagedProcess } from '../../../src/process';
import { until } from '../process/helpers';

const MB = 1_000_000;

describe('all of the output', function () {
  this.timeout(120_000);
  let folder = '';
  let table: ProcessTable;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'output-'));
    table = new ProcessTable({}, { spill: { folder, onTrouble: (problem) => assert.fail(problem) } });
  });
  afterEach(async () => {
    await table.shutdown();
    table.forgetSpilled();
    rmSync(folder, { recursive: true });
  });

  async function run(script: string, pipeStdin = false): Promise<ManagedProcess> {
    const spec = {
      argv: ['/bin/sh', '-c', script],
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '' },
      tty: false,
      pipeStdin,
    };
    return table.start('1', spec, { id: 'test', name: 'test' });
  }

  async function sha256(path: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  it('of 100 MB is saved whole, byte by byte, with little memory', async () => {
    const log = `seq 1 20000000 | head -c ${100 * MB}`;
    const sum = await run(`${log} | sha256sum`);
    const written = await run(log);
    await until(() => sum.closed && written.closed);
    assert.equal(written.totalBytes, 100 * MB);
    assert.equal(written.droppedBytes, 0);
    const before = process.memoryUsage().rss;
    assert.equal(await saveOutput(written, join(folder, 'saved')), 0);
    const grown = process.memoryUsage().rss - before;
    const { chunks } = await sum.read();
    assert.equal(await sha256(join(folder, 'saved')), chunks[0]?.chunk.toString().split(' ')[0]);
    assert.ok(grown < 64 * MB, `${grown} bytes more`);
  });

  it('keeps bytes that are no text, and says what is gone', async () => {
    table.configure({ retainedBytesPerProcess: 65_536, spilledBytesPerProcess: 200_000 });
    const binary = await run('head -c 1000000 /dev/urandom | tee /dev/stderr | head -c 1000000');
    await until(() => binary.closed);
    const gone = await saveOutput(binary, join(folder, 'saved'));
    assert.ok(gone > 1_000_000, String(gone));
    assert.equal(gone, binary.droppedBytes);
  });

  it('is given up when it is given up, and tells of a folder that is not there', async () => {
    const log = await run('seq 1 1000000');
    await until(() => log.closed);
    const given = AbortSignal.abort(new Error('given up'));
    await assert.rejects(saveOutput(log, join(folder, 'saved'), given), /given up/);
    await assert.rejects(saveOutput(log, join(folder, 'no', 'saved')), /ENOENT/);
  });

  it('is plain text that follows, however sequences and line ends are cut', async () => {
    const asks = await run(
      "printf 'one \\033[3'; read x; printf '1mred\\033[m\\r'; read x; printf '\\ntwo'; read x",
      true,
    );
    const text = new OutputText(asks, 1000);
    const shows = async (expected: string): Promise<void> => {
      for (const end = Date.now() + 10_000; text.toString() !== expected && Date.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        await text.update();
      }
      assert.equal(text.toString(), expected);
      await asks.write(Buffer.from('\n'));
    };
    await shows('one ');
    await shows('one red\n');
    await shows('one red\ntwo');
  });

  it('as text is the newest of it, and counts the rest', async () => {
    const log = await run('seq 1 1000000');
    await until(() => log.closed);
    const text = new OutputText(log, 3 * MB);
    await text.update();
    assert.ok(text.toString().endsWith('\n999999\n1000000\n'));
    assert.equal(text.missingBytes + text.toString().length, log.totalBytes);
    assert.ok(text.toString().length <= 3 * MB);
  });
});
