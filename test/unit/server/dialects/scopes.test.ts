import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appClient, closeAll, execClient, serve } from './serve';

const SPAWN = { command: ['x'], processHandle: 'h', cwd: '/' };
const EXEC = { argv: ['x'], cwd: '/', env: {}, tty: false };

describe('processes that end with their connection', () => {
  afterEach(closeAll);

  it('belong to their client', async () => {
    const { server, backend } = await serve();
    await (await appClient(server)).call('process/spawn', SPAWN);
    await (await execClient(server)).call('command/exec', EXEC);
    const [app, exec] = server.clients;
    assert.deepEqual(
      backend.params.map(({ owner, processId }) => [owner, processId]),
      [
        [{ id: app?.id, name: 'app', dialect: 'app-server' }, 'h'],
        [{ id: exec?.id, name: 'exec', dialect: 'exec-server v0' }, 'session-1'],
      ],
    );
  });

  it('are killed when it ends, also those that exited and those being started', async () => {
    const { server, backend } = await serve();
    const app = await appClient(server);
    await app.call('process/spawn', SPAWN);
    await app.call('process/spawn', { ...SPAWN, processHandle: 'i' });
    backend.processes[1]?.emit({ type: 'exited', exitCode: 0 });
    let open: () => void = () => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    void app.call('process/spawn', { ...SPAWN, processHandle: 'j' });
    while (backend.params.length < 3) await new Promise(setImmediate);
    const changed = once(server, 'clients');
    app.socket.terminate();
    await changed;
    assert.equal(server.clients.length, 0);
    open();
    while (backend.processes[2]?.stops.length !== 1) await new Promise(setImmediate);
    assert.deepEqual(
      backend.processes.map(({ stops }) => stops.map(({ from, by }) => [from, by])),
      [[['kill', 'gone']], [['kill', 'shutdown']], [['kill', 'gone']]],
    );
  });

  it('end by the ladder when the server stops', async () => {
    const { server, backend } = await serve();
    await (await appClient(server)).call('process/spawn', SPAWN);
    await (await execClient(server)).call('command/exec', EXEC);
    await server.close();
    for (const { stops } of backend.processes) {
      assert.deepEqual(
        stops.map(({ from, by }) => [from, by]),
        [['terminate', 'shutdown']],
      );
    }
  });

  it('are counted', async () => {
    const { server } = await serve({ processesPerSession: 1 });
    const app = await appClient(server);
    await app.call('process/spawn', SPAWN);
    const { error } = await app.call('process/spawn', { ...SPAWN, processHandle: 'i' });
    assert.equal(error?.code, -32600);
    assert.match(error.message, /^too many processes: this connection has 1 /);
  });

  it('leave nothing behind when they have closed', async () => {
    const { server, backend } = await serve();
    const app = await appClient(server);
    await app.call('process/spawn', SPAWN);
    const [process] = backend.processes;
    process?.output('x');
    process?.exit();
    const exited = await app.next(({ method }) => method === 'process/exited');
    assert.equal(exited.params?.['stdout'], 'x');
    assert.equal(process?.isDisposed, true);
    assert.deepEqual(backend.lingering, [process]);
    await app.call('process/spawn', SPAWN);
  });
});
