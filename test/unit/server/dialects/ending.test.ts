import assert from 'node:assert/strict';
import { appClient, closeAll, execClient, serve } from './serve';

const EXEC = { argv: ['x'], cwd: '/', env: {}, tty: true };
const SPAWN = { command: ['x'], processHandle: 'h', cwd: '/', tty: true };
const SESSION = { sessionId: 'session-1' };
const HANDLE = { processHandle: 'h' };

describe('processes on their way out', () => {
  afterEach(closeAll);

  it('v0: a session that was terminated is known until its exit', async () => {
    const { server, backend } = await serve();
    const client = await execClient(server);
    await client.call('command/exec', EXEC);
    for (const running of [true, true])
      assert.deepEqual((await client.call('command/exec/terminate', SESSION)).result, { running });
    backend.processes[0]?.exit(137);
    assert.deepEqual((await client.call('command/exec/terminate', SESSION)).result, { running: false });
  });

  it('v0: a write that fails is -32603', async () => {
    const { server, backend } = await serve();
    const client = await execClient(server);
    await client.call('command/exec', EXEC);
    const [process] = backend.processes;
    assert.ok(process);
    process.write = () => Promise.reject(new Error('EPIPE'));
    const { error } = await client.call('command/exec/write', { ...SESSION, chunk: '' });
    assert.deepEqual(error, { code: -32603, message: 'failed to write to process stdin' });
  });

  it('app-server: between the exit and its report a process is no longer running, but may be killed', async () => {
    const { server, backend } = await serve();
    const client = await appClient(server);
    await client.call('process/spawn', SPAWN);
    backend.processes[0]?.emit({ type: 'exited', exitCode: 0 });
    for (const [method, more] of [
      ['process/writeStdin', { deltaBase64: '' }],
      ['process/resizePty', { size: { rows: 1, cols: 1 } }],
    ] as const) {
      const { error } = await client.call(method, { ...HANDLE, ...more });
      assert.deepEqual(error, { code: -32600, message: 'process "h" is no longer running' });
    }
    assert.deepEqual((await client.call('process/kill', HANDLE)).result, {});
    backend.processes[0]?.emit({ type: 'closed' });
    const { error } = await client.call('process/kill', HANDLE);
    assert.deepEqual(error, { code: -32600, message: 'no active process for process handle "h"' });
  });
});
