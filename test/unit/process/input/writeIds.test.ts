import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { StdinPipe } from '../../../../src/process/child';
import { Stdin } from '../../../../src/process/input/stdin';

const MIB = 1 << 20;

function recorded(): { stdin: Stdin; written: string[] } {
  const written: string[] = [];
  const pipe: StdinPipe = {
    write: async (chunk) => {
      written.push(Buffer.from(chunk).toString());
      return true;
    },
    end: async () => true,
    destroy: () => undefined,
  };
  return { stdin: new Stdin(pipe), written };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** Text that has memory of its own. */
const longId = (end: string): string => Buffer.alloc(MIB, 'w').toString('latin1') + end;

describe('ids of writes', () => {
  it('are told apart and known again however long they are', async () => {
    const { stdin, written } = recorded();
    const digest = createHash('sha256').update(longId('1')).digest('base64');
    const ids = [longId('1'), longId('2'), 'w'.repeat(64), 'w'.repeat(65), digest, `=${digest}`];
    for (const [at, id] of ids.entries()) await stdin.write(Buffer.from(String(at)), id);
    for (const id of ids) assert.equal(await stdin.write(Buffer.from('again'), id), 'accepted');
    assert.deepEqual(written, ['0', '1', '2', '3', '4', '5']);
  });

  it('take no more memory when they are long', async () => {
    const { stdin, written } = recorded();
    const before = heapBytes();
    for (let at = 0; at < 40; at++) await stdin.write(Buffer.from('x'), longId(String(at)));
    const grown = heapBytes() - before;
    assert.ok(grown < 10 * MIB, `${grown} bytes for 40 ids of 1 MiB`);
    await stdin.write(Buffer.from('x'), longId('0'));
    assert.equal(written.length, 40);
  });
});
