import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '../../../src/server';
import type { Session } from '../../../src/server/session';
import { SessionRegistry } from '../../../src/server/sessionRegistry';
import { FakeBackend, FakeOutlet, silent, turn, type FakeProcess } from './fakes';

const LIMITS = {
  ...DEFAULT_LIMITS,
  detachedMs: 40,
  retainClosedMs: 40,
  retainClosedCount: 3,
  processesPerSession: 2,
  detachedSessions: 2,
};
const encode = (event: { seq: number }): string => String(event.seq);

function setUp(): {
  backend: FakeBackend;
  registry: SessionRegistry;
  outlet: FakeOutlet;
  changes: () => number;
} {
  const backend = new FakeBackend();
  let count = 0;
  const registry = new SessionRegistry(backend, LIMITS, silent, () => count++);
  return { backend, registry, outlet: new FakeOutlet(), changes: () => count };
}

async function start(session: Session, processId = 'p'): Promise<FakeProcess> {
  const owner = { id: session.id, name: session.name };
  const params = { processId, argv: ['x'], cwd: '/', env: {}, tty: false, pipeStdin: false, owner };
  const entry = await session.start(processId, encode, (backend) => backend.start(params));
  entry.follow();
  return entry.process as FakeProcess;
}

describe('sessions', () => {
  it('have random ids; names are cut', () => {
    const { registry, outlet, changes } = setUp();
    const one = registry.create('x'.repeat(1000), outlet);
    assert.match(one.id, /^[\da-f-]{36}$/);
    assert.equal(one.name.length, 200);
    assert.notEqual(registry.create('b', outlet).id, one.id);
    assert.equal(changes(), 2);
  });

  it('cannot be resumed while attached, can be when detached, and are unknown when expired', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    const process = await start(session);
    assert.throws(() => registry.resume(session.id, outlet), { code: -32010, message: /already attached/ });
    registry.detach(session);
    assert.equal(registry.resume(session.id, outlet), session);
    await sleep(60);
    assert.equal(registry.list().length, 1);
    registry.detach(session);
    await sleep(80);
    assert.throws(() => registry.resume(session.id, outlet), {
      code: -32600,
      message: `unknown session id ${session.id}`,
    });
    assert.deepEqual(process.stops, [{ from: 'kill', by: 'client' }]);
    assert.equal(backend.processes.length, 1);
  });

  it('drop the oldest detached one when too many are', () => {
    const { registry, outlet } = setUp();
    const sessions = ['a', 'b', 'c'].map((name) => registry.create(name, outlet));
    for (const session of sessions) registry.detach(session);
    assert.deepEqual(
      registry.list().map(({ name }) => name),
      ['b', 'c'],
    );
  });

  it('send events in order while attached, none while detached, and go on with the new connection', async () => {
    const { registry, outlet } = setUp();
    const session = registry.create('a', outlet);
    const process = await start(session);
    process.output('1');
    registry.detach(session);
    assert.equal(outlet.released, 1);
    process.output('2');
    const next = new FakeOutlet();
    registry.resume(session.id, next);
    process.output('3');
    process.exit();
    assert.deepEqual(outlet.sent, ['1']);
    assert.deepEqual(next.sent, ['3', '4', '5']);
    assert.equal(process.isDisposed, true);
  });

  it('send what happened before the start was answered, after it', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    const owner = { id: session.id, name: 'a' };
    const params = { processId: 'p', argv: ['x'], cwd: '/', env: {}, tty: false, pipeStdin: false, owner };
    const entry = await session.start('p', encode, (b) => b.start(params));
    backend.processes[0]?.output('1');
    backend.processes[0]?.exit();
    assert.deepEqual(outlet.sent, []);
    entry.follow();
    assert.deepEqual(outlet.sent, ['1', '2', '3']);
    assert.equal(backend.processes[0]?.isDisposed, true);
  });

  it('keep an id for a while after the end, then kill what is left', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    const process = await start(session);
    await assert.rejects(start(session), { code: -32600, message: 'process p already exists' });
    process.exit();
    await assert.rejects(start(session), { message: 'process p already exists' });
    assert.deepEqual(backend.leftovers, []);
    await sleep(60);
    assert.deepEqual(backend.leftovers, [process]);
    assert.equal(session.find('p'), undefined);
    await start(session);
  });

  it('count only processes that have not closed, and keep few closed ones', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    for (let i = 0; i < 5; i++) (await start(session, `q${i}`)).exit();
    assert.equal(session.find('q1'), undefined);
    assert.ok(session.find('q2'));
    assert.equal(backend.leftovers.length, 2);
    await start(session, 'a');
    await start(session, 'b');
    await assert.rejects(start(session, 'c'), { code: -32600, message: /^too many processes: .* 2 / });
  });

  it('free an id whose start has failed', async () => {
    const { registry, outlet } = setUp();
    const session = registry.create('a', outlet);
    await assert.rejects(
      session.start('p', encode, () => Promise.reject(new Error('no'))),
      { message: 'no' },
    );
    await start(session);
  });

  it('terminate running processes only', async () => {
    const { registry, outlet } = setUp();
    const session = registry.create('a', outlet);
    const process = await start(session);
    assert.equal(session.terminate('unknown'), false);
    assert.equal(session.terminate('p'), true);
    assert.equal(session.terminate('p'), true);
    process.exit();
    assert.equal(session.terminate('p'), false);
    assert.deepEqual(process.stops, Array(2).fill({ from: 'kill', by: 'client' }));
  });

  it('cancel a start under way', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const starting = start(session);
    const found = session.findStarted('p');
    assert.equal(session.terminate('p'), true);
    open();
    await assert.rejects(starting, { code: -32603, message: 'process p start was cancelled' });
    assert.equal(await found, undefined);
    assert.equal(backend.processes[0]?.stops.length, 1);
  });

  it('let requests wait for a start under way', async () => {
    const { registry, outlet, backend } = setUp();
    const session = registry.create('a', outlet);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const starting = start(session);
    const found = session.findStarted('p');
    open();
    assert.equal((await found)?.process, await starting);
  });

  it('all end at once: ids are unknown, processes stopped, also those that are being started', async () => {
    const { registry, outlet, backend } = setUp();
    const [a, b] = [registry.create('a', outlet), registry.create('b', outlet)];
    const process = await start(a);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const late = start(b);
    const ended = registry.endAll({ from: 'terminate', graceMs: 1, by: 'shutdown' });
    assert.deepEqual(registry.list(), []);
    registry.detach(a);
    await ended;
    open();
    await assert.rejects(late, { message: /cancelled/ });
    await turn();
    assert.deepEqual(process.stops, [{ from: 'terminate', graceMs: 1, by: 'shutdown' }]);
    assert.equal(backend.processes[1]?.stops[0]?.from, 'kill');
    assert.throws(() => registry.resume(a.id, outlet), { code: -32600 });
    registry.close();
    assert.throws(() => registry.create('c', outlet), { code: -32600, message: /shutting down/ });
  });
});
