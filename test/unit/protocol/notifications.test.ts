import assert from 'node:assert/strict';
import fc from 'fast-check';
import { execServer } from '../../../src/protocol';

const { notificationHeads, outputNotification, exitedNotification, closedNotification } =
  execServer.notifications;

describe('process notifications', () => {
  it('are what JSON.stringify would have written', () => {
    const stream = fc.constantFrom('stdout' as const, 'stderr' as const, 'pty' as const);
    const processId = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        processId,
        fc.nat(),
        stream,
        fc.uint8Array(),
        fc.integer(),
        (id, seq, name, bytes, exitCode) => {
          const heads = notificationHeads(id);
          const chunk = Buffer.from(bytes);
          assert.deepEqual(
            JSON.parse(
              outputNotification((bytes) => Buffer.alloc(bytes), heads, seq, name, chunk).toString(),
            ),
            {
              method: 'process/output',
              params: { processId: id, seq, stream: name, chunk: chunk.toString('base64') },
            },
          );
          assert.deepEqual(JSON.parse(exitedNotification(heads, seq, exitCode, false)), {
            method: 'process/exited',
            params: { processId: id, seq, exitCode, sandboxDenied: false },
          });
          assert.deepEqual(JSON.parse(closedNotification(heads, seq)), {
            method: 'process/closed',
            params: { processId: id, seq },
          });
        },
      ),
    );
  });
});
