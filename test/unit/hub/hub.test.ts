import assert from 'node:assert/strict';
import { LocalHostBackend } from '../../../src/environment';
import { createHub, type Entry, type Hub, type HubOptions } from '../../../src/hub';
import { ProcessTable } from '../../../src/process';
import { ExecServer } from '../../../src/server';
import { lives, OWNER, posix, textOf, until, untilClosed } from '../process/helpers';

(posix ? describe : describe.skip)('the hub', () => {
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const there = new ProcessTable();
  let server: ExecServer;
  let hub: Hub;
  let allowed = true;
  before(async () => {
    server = await ExecServer.listen({
      host: '127.0.0.1',
      port: 0,
      auth: { type: 'none' },
      backend: new LocalHostBackend(there, () => ({ PATH: process.env['PATH'] ?? '', WHERE: 'there' })),
      environmentInfo: () =>
        ({ shell: { name: 'sh', path: '/bin/sh' }, cwd: 'file:///', platformOs: 'linux' }) as never,
      log,
    });
  });
  after(async () => {
    await server.close();
    await there.shutdown({ graceMs: 100 });
  });
  const open = (more: HubOptions = {}): Hub => {
    const { origin } = new URL(server.url);
    const good: Entry[] = [
      { id: 'box', url: origin },
      { id: 'dead', url: 'ws://127.0.0.1:1' },
    ];
    hub = createHub({
      environments: { entries: () => ({ good, faulty: [] }) },
      allowed: () => allowed,
      folder: () => '/tmp',
      ...more,
    });
    hub.environments.refresh();
    return hub;
  };
  beforeEach(() => {
    allowed = true;
    open();
  });
  afterEach(() => hub.close({ graceMs: 100 }));

  const run = async (script: string, id?: string, env: Record<string, string> = {}): Promise<string> => {
    const params = { argv: ['/bin/sh', '-c', script], env, tty: false, pipeStdin: false };
    const child = await hub.start(params, OWNER, id);
    await untilClosed(child);
    return textOf((await child.read()).chunks.map((chunk) => ({ type: 'output' as const, ...chunk })));
  };

  it('starts here and elsewhere, in the folder and the environment of the place, and lists both', async () => {
    assert.equal(await run('pwd; echo $WHERE $MORE', undefined, { MORE: 'more' }), '/tmp\nmore\n');
    assert.equal(await run('pwd; echo $WHERE $MORE', 'box', { MORE: 'more' }), '/\nthere more\n');
    assert.deepEqual(
      hub.list().map(({ environmentId }) => environmentId),
      [null, 'box'],
    );
    const [first] = hub.list();
    assert.ok(first);
    assert.equal(hub.get(first.id), first);
  });

  it('never falls back to this machine', async () => {
    const ran = there.list().length;
    await assert.rejects(
      run('true', 'nowhere'),
      /there is no environment "nowhere"; there are local, box, dead/,
    );
    await assert.rejects(run('true', 'dead'), /environment "dead": cannot connect/);
    assert.deepEqual([hub.list(), there.list().length], [[], ran]);
  });

  it('runs and connects nothing where nothing may be run', async () => {
    allowed = false;
    for (const id of [undefined, 'local', 'box']) await assert.rejects(run('true', id), /untrusted/);
    assert.deepEqual(hub.list(), []);
  });

  it('stops by the key, here and elsewhere, and its end is that of all', async () => {
    const sleeper = { argv: ['/bin/sleep', '600'], env: {}, tty: false, pipeStdin: false };
    const stop = { from: 'terminate', by: 'person' } as const;
    const [near, far] = [await hub.start(sleeper, OWNER), await hub.start(sleeper, OWNER, 'box')];
    for (const { id } of [near, far]) assert.deepEqual(await hub.stop(id, stop), []);
    assert.deepEqual([near.state, far.state], ['killed', 'killed']);
    assert.deepEqual(await hub.stop('p999', stop), []);
    await hub.start(sleeper, OWNER);
    await hub.start(sleeper, OWNER, 'box');
    const pids = [hub.list().at(-2)?.pid, there.list().at(-1)?.pid];
    await hub.close({ graceMs: 100 });
    await until(() => pids.every((pid) => typeof pid === 'number' && !lives(pid)));
    await assert.rejects(hub.start(sleeper, OWNER), /shutting down/);
  });

  it('leaves no listener of this process behind', async () => {
    await hub.close();
    const before = process.listenerCount('exit');
    open();
    assert.equal(process.listenerCount('exit'), before + 1);
    await hub.close();
    assert.equal(process.listenerCount('exit'), before);
    open();
  });
});
