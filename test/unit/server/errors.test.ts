import assert from 'node:assert/strict';
import { LimitError, NoTerminalError, SpawnError } from '../../../src/environment';
import { FsError } from '../../../src/files';
import { HttpError } from '../../../src/http';
import { invalidParams } from '../../../src/protocol';
import { SandboxRefusal } from '../../../src/sandbox';
import { BudgetError } from '../../../src/server/budget';
import { toRpcError, toWriteError } from '../../../src/server/errors';
import { closeAll, execClient, serve } from './dialects/serve';

describe('errors at the edge of the server', () => {
  afterEach(closeAll);

  it('get their codes by class and kind, and keep their words', () => {
    for (const [error, code] of [
      [new FsError('notFound', 'x'), -32004],
      [new FsError('invalid', 'x'), -32600],
      [new FsError('other', 'x'), -32603],
      [new HttpError('invalid', 'x'), -32602],
      [new HttpError('failed', 'x'), -32603],
      [new SandboxRefusal('', 'x', 'y'), -32602],
      [new LimitError('l', 'x'), -32600],
      [new BudgetError('x'), -32600],
      [new NoTerminalError(), -32600],
      [new SpawnError('x'), -32603],
      [new Error('x'), -32603],
      [invalidParams('x'), -32602],
    ] as const) {
      const { code: got, message } = toRpcError(error);
      assert.deepEqual({ code: got, message }, { code, message: error.message }, error.name);
    }
  });

  it('are of the system where input could not be written, but for what had no room', () => {
    const full = new BudgetError('no room');
    assert.equal(toWriteError(full, 'failed'), full);
    const { code, message } = toRpcError(toWriteError(new Error('EPIPE'), 'failed'));
    assert.deepEqual({ code, message }, { code: -32603, message: 'failed' });
  });

  it('blame the client for a resize without a terminal, and for no other trouble with one', async () => {
    const { server, backend } = await serve();
    const client = await execClient(server);
    const start = { argv: ['x'], cwd: 'file:///', env: {}, tty: true, pipeStdin: false, arg0: null };
    await client.call('process/start', { processId: 'p', ...start });
    const [process] = backend.processes;
    assert.ok(process);
    for (const [error, code] of [
      [new NoTerminalError(), -32600],
      [new Error('EIO'), -32603],
    ] as const) {
      process.resize = () => {
        throw error;
      };
      const answer = await client.call('process/resize', { processId: 'p', rows: 1, cols: 1 });
      assert.deepEqual(answer.error, { code, message: error.message });
    }
  });
});
