import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../../../src/server';
import { Budget } from '../../../../src/server/budget';
import type { ProcessEntry } from '../../../../src/server/sessions/processEntry';
import type { Session } from '../../../../src/server/sessions/session';
import { SessionRegistry } from '../../../../src/server/sessions/sessionRegistry';
import { FakeBackend, FakeSink, silent, turn, type FakeProcess } from '../fakes';
import { FakeClock } from '../../../support/clock';

const LIMITS = {
  ...DEFAULT_LIMITS,
  detachedMs: 40,
  retainClosedMs: 40,
  retainClosedCount: 3,
  processesPerSession: 2,
  detachedSessions: 2,
};
const PARAMS = { argv: ['x'], cwd: '/', env: {}, tty: false, pipeStdin: false };

/** Sends the numbers of its events. */
function follow(session: Session, entry: ProcessEntry): void {
  entry.follow({ sink: () => session.sink, on: ({ seq }) => session.sink?.send(String(seq)) });
}

function setUp(): {
  backend: FakeBackend;
  registry: SessionRegistry;
  sink: FakeSink;
  changes: () => number;
  told: string[];
} {
  const backend = new FakeBackend();
  let count = 0;
  const budget = new Budget(LIMITS.heldBytes, 'all');
  const told: string[] = [];
  const log = { ...silent, info: (line: string) => void told.push(line) };
  const registry = new SessionRegistry({ backend, limits: LIMITS, log, budget }, () => count++);
  return { backend, registry, sink: new FakeSink(), changes: () => count, told };
}

async function start(session: Session, processId = 'p'): Promise<FakeProcess> {
  const entry = await session.processes.start(processId, PARAMS);
  follow(session, entry);
  return entry.process as FakeProcess;
}

describe('sessions', () => {
  it('have random ids; names are cut', () => {
    const { registry, sink, changes } = setUp();
    const one = registry.create('x'.repeat(1000), sink);
    assert.match(one.id, /^[\da-f-]{36}$/);
    assert.equal(one.name.length, 200);
    assert.notEqual(registry.create('b', sink).id, one.id);
    assert.equal(changes(), 2);
  });

  it('cannot be resumed while attached, can be when detached, and are unknown when expired', async () => {
    using clock = new FakeClock();
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    await assert.rejects(async () => registry.resume(session.id, sink), {
      code: -32010,
      message: /already attached/,
    });
    registry.detach(session, sink);
    assert.equal(registry.resume(session.id, sink), session);
    await clock.pass(LIMITS.detachedMs + 1);
    registry.detach(session, sink);
    await clock.pass(LIMITS.detachedMs - 1);
    assert.deepEqual(registry.list(), [session]);
    await clock.pass(1);
    assert.throws(() => registry.resume(session.id, sink), {
      code: -32600,
      message: `unknown session id ${session.id}`,
    });
    assert.deepEqual(process.stops, [{ from: 'kill', by: 'gone' }]);
    assert.equal(backend.processes.length, 1);
  });

  it('are taken over from a connection that gives no sign of life, and from no other', async () => {
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    const next = new FakeSink();
    await assert.rejects(async () => registry.resume(session.id, next), { code: -32010 });
    sink.alive = false;
    assert.equal(await registry.resume(session.id, next), session);
    assert.match(sink.endedWith ?? '', /resumed on another connection/);
    assert.equal(sink.released, 1);
    // The end of the old connection is told late.
    registry.detach(session, sink);
    process.output('1');
    assert.deepEqual(next.sent, ['1']);
  });

  it('with a running process outlive those where nothing runs, when too many are detached', async () => {
    const { registry, sink, told } = setUp();
    const busy = registry.create('busy', sink);
    await start(busy);
    registry.detach(busy, sink);
    for (const name of ['b', 'c', 'd']) registry.detach(registry.create(name, sink), sink);
    assert.deepEqual(
      registry.list().map(({ name }) => name),
      ['busy', 'd'],
    );
    assert.deepEqual(
      told.map((line) => line.replace(/^session \S+ /, '')),
      Array(2).fill('ended early: more than 2 sessions have no connection'),
    );
  });

  it('say when they will end, are kept, and are ended at once by a person', async () => {
    using clock = new FakeClock();
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    assert.equal(registry.endsAt(session), null);
    await registry.endDetached(session.id, 10);
    registry.keep(session.id);
    assert.equal(registry.list().length, 1, 'nothing happens to one that has a connection');
    const before = Date.now();
    registry.detach(session, sink);
    assert.ok((registry.endsAt(session) ?? 0) >= before + LIMITS.detachedMs);
    registry.keep(session.id);
    assert.equal(registry.endsAt(session), null);
    await clock.pass(2 * LIMITS.detachedMs);
    assert.equal(await registry.resume(session.id, sink), session);
    registry.detach(session, sink);
    await registry.endDetached(session.id, 10);
    assert.deepEqual(process.stops, [{ from: 'terminate', graceMs: 10, by: 'person' }]);
    assert.equal(registry.list().length, 0);
  });

  it('are disconnected by a person: what runs is asked to end, and the id is unknown', async () => {
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    await registry.disconnect(session.id, 10);
    assert.deepEqual(process.stops, [{ from: 'terminate', graceMs: 10, by: 'person' }]);
    assert.equal(registry.list().length, 0);
    assert.match(sink.endedWith ?? '', /A person has disconnected/);
    await registry.disconnect(session.id, 10);
    assert.equal(process.stops.length, 1, 'nothing happens to one that is gone');
  });

  it('drop the oldest detached one when too many are', () => {
    const { registry, sink } = setUp();
    const sessions = ['a', 'b', 'c'].map((name) => registry.create(name, sink));
    for (const session of sessions) registry.detach(session, sink);
    assert.deepEqual(
      registry.list().map(({ name }) => name),
      ['b', 'c'],
    );
  });

  it('send events in order while attached, none while detached, and go on with the new connection', async () => {
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    process.output('1');
    registry.detach(session, sink);
    assert.equal(sink.released, 1);
    process.output('2');
    const next = new FakeSink();
    void registry.resume(session.id, next);
    process.output('3');
    process.exit();
    assert.deepEqual(sink.sent, ['1']);
    assert.deepEqual(next.sent, ['3', '4', '5']);
    assert.equal(process.isDisposed, true);
  });

  it('send what happened before the start was answered, after it', async () => {
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    const entry = await session.processes.start('p', PARAMS);
    backend.processes[0]?.output('1');
    backend.processes[0]?.exit();
    assert.deepEqual(sink.sent, []);
    follow(session, entry);
    assert.deepEqual(sink.sent, ['1', '2', '3']);
    assert.equal(backend.processes[0]?.isDisposed, true);
  });

  it('keep an id for a while after the end, then kill what is left', async () => {
    using clock = new FakeClock();
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    await assert.rejects(start(session), { code: -32600, message: 'process p already exists' });
    process.exit();
    await clock.pass(LIMITS.retainClosedMs - 1);
    await assert.rejects(start(session), { message: 'process p already exists' });
    assert.deepEqual(backend.lingering, []);
    await clock.pass(1);
    assert.deepEqual(backend.lingering, [process]);
    assert.equal(session.processes.find('p'), undefined);
    await start(session);
  });

  it('count only processes that have not closed, and keep few closed ones', async () => {
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    for (let i = 0; i < 5; i++) (await start(session, `q${i}`)).exit();
    assert.equal(session.processes.find('q1'), undefined);
    assert.ok(session.processes.find('q2'));
    assert.equal(backend.lingering.length, 2);
    await start(session, 'a');
    await start(session, 'b');
    await assert.rejects(start(session, 'c'), { code: -32600, message: /^too many processes: .* 2 / });
  });

  it('free an id whose start has failed', async () => {
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    await assert.rejects(session.processes.start('p', { ...PARAMS, argv: ['missing'] }), {
      message: 'No such file',
    });
    await start(session);
  });

  it('terminate running processes only', async () => {
    const { registry, sink } = setUp();
    const session = registry.create('a', sink);
    const process = await start(session);
    assert.equal(session.processes.find('unknown'), undefined);
    assert.equal(session.processes.find('p')?.terminate(), true);
    assert.equal(session.processes.find('p')?.terminate(), true);
    process.exit();
    assert.equal(session.processes.find('p')?.terminate(), false);
    assert.deepEqual(process.stops, Array(2).fill({ from: 'kill', by: 'client' }));
  });

  it('cancel a start under way', async () => {
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const starting = start(session);
    const found = session.processes.findStarted('p');
    assert.equal(session.processes.find('p')?.terminate(), true);
    open();
    await assert.rejects(starting, { code: -32603, message: 'process p start was cancelled' });
    assert.equal(await found, undefined);
    assert.equal(backend.processes[0]?.stops.length, 1);
  });

  it('let requests wait for a start under way', async () => {
    const { registry, sink, backend } = setUp();
    const session = registry.create('a', sink);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const starting = start(session);
    const found = session.processes.findStarted('p');
    open();
    assert.equal((await found)?.process, await starting);
  });

  it('all end at once: ids are unknown, processes stopped, also those that are being started', async () => {
    const { registry, sink, backend } = setUp();
    const [a, b] = [registry.create('a', sink), registry.create('b', sink)];
    const process = await start(a);
    let open = (): void => undefined;
    backend.gate = new Promise((resolve) => (open = resolve));
    const late = start(b);
    const ended = registry.endAll({ from: 'terminate', graceMs: 1, by: 'shutdown' });
    assert.deepEqual(registry.list(), []);
    registry.detach(a, sink);
    await ended;
    open();
    await assert.rejects(late, { message: /cancelled/ });
    await turn();
    assert.deepEqual(process.stops, [{ from: 'terminate', graceMs: 1, by: 'shutdown' }]);
    assert.equal(backend.processes[1]?.stops[0]?.from, 'kill');
    assert.throws(() => registry.resume(a.id, sink), { code: -32600 });
    registry.close();
    assert.throws(() => registry.create('c', sink), { code: -32600, message: /shutting down/ });
  });
});
