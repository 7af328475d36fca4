import assert from 'node:assert/strict';
import type { Json } from './client.js';
import { ours } from './cases.js';
import type { Proc } from './session.js';

const END = 512 * 1024;
const WHOLE = { at: 0, bytes: 0 };

interface Snapshot {
  stdout: Buffer;
  stderr: Buffer;
  terminal: Buffer;
  rest: Json;
}

async function snapshot(proc: Proc): Promise<Snapshot> {
  const result = await proc.client.call('process/snapshot', { processId: proc.id });
  const { stdout, stderr, terminal, ...rest } = result;
  const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'base64');
  return { stdout: bytes(stdout), stderr: bytes(stderr), terminal: bytes(terminal), rest };
}

describe('process/snapshot', () => {
  ours('extensions: a running process, its streams apart', async (t) => {
    const session = await t.session();
    const proc = await session.sh('echo out; echo err >&2; sleep 600');
    await proc.until(/out[^]*err|err[^]*out/);
    const { stdout, stderr, terminal, rest } = await snapshot(proc);
    assert.deepEqual([stdout, stderr, terminal].map(String), ['out\n', 'err\n', '']);
    assert.deepEqual(rest, {
      truncated: false,
      omitted: { stdout: { at: 4, bytes: 0 }, stderr: { at: 4, bytes: 0 }, terminal: WHOLE },
      exitCode: null,
      running: true,
    });
    await proc.terminate();
    await proc.closed();
    const after = await snapshot(proc);
    assert.deepEqual([after.rest['running'], after.rest['exitCode']], [false, 137]);
    assert.equal(after.stdout.toString(), 'out\n');
  });

  ours('extensions: a terminal has one stream', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo out; echo err >&2', { tty: true });
    const { stdout, stderr, terminal } = await snapshot(proc);
    assert.deepEqual([stdout, stderr, terminal].map(String), ['', '', 'out\r\nerr\r\n']);
  });

  ours(
    'extensions: 512 KiB of the beginning and of the end of each stream, and the exact rest',
    async (t) => {
      const session = await t.session();
      const script = 'echo first >&2; seq 1 1000000; echo last >&2';
      const proc = await session.run(script);
      const all = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => `${String(i + 1)}\n`).join(''));
      const { stdout, stderr, rest } = await snapshot(proc);
      assert.equal(stderr.toString(), 'first\nlast\n');
      assert.ok(stdout.equals(Buffer.concat([all.subarray(0, END), all.subarray(-END)])));
      assert.equal(rest['truncated'], true);
      const omitted = { at: END, bytes: all.length - 2 * END };
      assert.deepEqual(rest['omitted'], { stdout: omitted, stderr: { at: 11, bytes: 0 }, terminal: WHOLE });
    },
  );

  ours('extensions: small pieces over a long time are kept the same way', async (t) => {
    const session = await t.session();
    const proc = await session.run('yes 12345678 | dd bs=9 count=150000 iflag=fullblock 2>/dev/null');
    const { stdout, rest } = await snapshot(proc);
    assert.equal(stdout.length, 2 * END);
    const omitted = { at: END, bytes: 150_000 * 9 - 2 * END };
    assert.deepEqual((rest['omitted'] as Json)['stdout'], omitted);
  });

  ours('extensions: an unknown process is -32600', async (t) => {
    const { client } = await t.session();
    assert.deepEqual(await client.fails('process/snapshot', { processId: 'nobody' }), {
      code: -32600,
      message: 'unknown process id nobody',
    });
  });
});
