/** What a broken connection leaves open: nothing is done twice, nothing waits for ever, nothing runs here instead. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { Environment, type ExecProcess } from '../../src/environment';
import { lives, until } from '../unit/process/helpers';
import { BrokenLine } from './brokenLine';
import { collectEvents, collectFromReads, inTime, readUntilChange, sh, start, textOf } from './collect';
import { ends, ourServer, type Open } from './ends';

const DISCONNECTED = /^exec-server transport disconnected/;
const WINDOW_MS = 600;
/** Longer than any test waits. */
const FOREVER_MS = 3_600_000;

/** The server dies under a command. */
for (const end of ends.filter(({ name }) => name !== 'local' && name !== 'in-process')) {
  describe(`kill -9 of the remote, over ${end.name}`, function () {
    this.timeout(CASE_MS);
    let far: Open;
    before(async () => void (far = await end.open({ resumeWindowMs: WINDOW_MS })));
    after(() => far.close());

    it('fails what was under way, in time, and everything new at once', async () => {
      const { environment } = far;
      const backend = environment.getExecBackend();
      const script = 'echo $PPID $$; exec sleep 600';
      const child = await start(backend, sh(script, { pipeStdin: true }));
      const { chunks, nextSeq } = await readUntilChange(child);
      const text = Buffer.concat(chunks.map((c) => c.chunk)).toString();
      const [serverPid = 0, pid = 0] = text.split(' ').map(Number);
      const events = collectEvents(child);
      const waiting = child.read(nextSeq - 1, undefined, FOREVER_MS);
      if (far.crash) far.crash();
      else process.kill(serverPid, 'SIGKILL');

      const failed = (await events).at(-1);
      assert.ok(failed?.type === 'failed');
      assert.match(failed.message, DISCONNECTED);
      for (const response of [await inTime('the read', waiting), await child.read(0)]) {
        assert.equal(response.closed, true);
        assert.equal(response.exited, false);
        assert.match(response.failure ?? '', DISCONNECTED);
      }
      assert.equal((await child.read(0)).chunks.length, 1);
      await assert.rejects(child.write(Buffer.from('x')), { message: DISCONNECTED });
      await assert.rejects(start(backend, sh('true', { processId: 'later' })), { message: DISCONNECTED });
      assert.equal(environment.state, 'lost');
      assert.match(environment.problem ?? '', DISCONNECTED);
      await child[Symbol.asyncDispose]();
      // The reference leaves what it ran behind; ours has it ended.
      if (end.isReference) process.kill(pid, 'SIGKILL');
      await until(() => !lives(pid), STEP_MS, 'the end of the command');
    });
  });
}

describe('a broken line', function () {
  this.timeout(CASE_MS);
  let server: Awaited<ReturnType<typeof ourServer>>;
  let line: BrokenLine;
  let environment: Environment;
  let folder: string;
  before(async () => void (server = await ourServer()));
  after(() => server.child.kill('SIGKILL'));
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loss-'));
    line = await BrokenLine.to(server.url);
    environment = Environment.remote({ id: 'far', url: line.url });
    await environment.connect();
  });
  afterEach(async () => {
    await environment[Symbol.asyncDispose]();
    line.close();
    rmSync(folder, { recursive: true });
  });

  const run = (script: string, more = {}): Promise<ExecProcess> =>
    start(environment.getExecBackend(), sh(script, more));
  const mark = (): string => join(folder, 'mark');
  const marks = (): string => readFileSync(mark(), 'utf8');

  /** Does something whose answer, or whose request, is lost with the connection. */
  async function losing<T>(what: 'up' | 'down', act: () => Promise<T>): Promise<T> {
    line.swallows = what;
    const before = line.swallowed;
    const result = act();
    result.catch(() => undefined);
    await until(() => line.swallowed > before, STEP_MS, 'the loss');
    line.swallows = undefined;
    line.cut();
    return inTime('an answer', result);
  }

  it('a start whose answer was lost is found running, and was not done twice', async () => {
    const child = await losing('down', () =>
      run(`echo one >> ${mark()}; read x; echo got $x`, { pipeStdin: true }),
    );
    await child.write(Buffer.from('it\n'));
    assert.deepEqual(await collectFromReads(child), { text: 'got it\n', exitCode: 0 });
    assert.equal(marks(), 'one\n');
  });

  it('a start that never arrived is told so, and its id is free', async () => {
    await assert.rejects(
      losing('up', () => run('true', { processId: 'proc' })),
      /^DisconnectedError: exec-server transport disconnected before process proc was started/,
    );
    assert.deepEqual(await collectFromReads(await run('echo now', { processId: 'proc' })), {
      text: 'now\n',
      exitCode: 0,
    });
  });

  it('a write whose answer was lost arrives once, and one that was lost itself does too', async () => {
    const child = await run('cat', { pipeStdin: true });
    for (const [way, text] of [
      ['down', 'a\n'],
      ['up', 'b\n'],
      ['down', 'c\n'],
    ] as const) {
      assert.deepEqual(await losing(way, () => child.write(Buffer.from(text))), { status: 'accepted' });
    }
    await child.closeStdin();
    assert.deepEqual(await collectFromReads(child), { text: 'a\nb\nc\n', exitCode: 0 });
  });

  it('an interrupt whose answer was lost is not sent again', async () => {
    const child = await run(`trap 'echo int >> ${mark()}' INT; echo up; while :; do sleep 0.02; done`);
    await readUntilChange(child);
    await assert.rejects(
      losing('down', () => child.signal('interrupt')),
      /nobody knows whether it was done/,
    );
    await sleep(300);
    assert.equal(marks(), 'int\n');
    await child.terminate();
  });

  it('calls made while it is broken wait for the next connection', async () => {
    const child = await run('read x; echo got $x', { pipeStdin: true });
    line.isDead = true;
    line.cut();
    while (environment.state !== 'reconnecting') await sleep(1);
    const written = child.write(Buffer.from('later\n'));
    const second = run('echo second', { processId: 'second' });
    await sleep(300);
    line.isDead = false;
    assert.deepEqual(await written, { status: 'accepted' });
    assert.deepEqual(await collectFromReads(child), { text: 'got later\n', exitCode: 0 });
    assert.equal((await collectFromReads(await second)).text, 'second\n');
    assert.equal(environment.state, 'connected');
  });

  it('a session that the server still holds for the old connection is handed over or asked for again', async () => {
    const child = await run('read x; echo got $x', { pipeStdin: true });
    line.leave();
    while (environment.state !== 'reconnecting') await sleep(1);
    const written = child.write(Buffer.from('on\n'));
    const before = line.accepted;
    // Ours hands it over, since the old connection gives no sign of life; the reference has to be asked again.
    await until(() => line.accepted > before + 1 || environment.state === 'connected');
    line.endLeft();
    assert.deepEqual(await written, { status: 'accepted' });
    assert.deepEqual(await collectFromReads(child), { text: 'got on\n', exitCode: 0 });
  });

  it('what the server no longer retains is told as dropped, and the rest is whole', async () => {
    const script = `echo first; while [ ! -e ${mark()} ]; do sleep 0.02; done; head -c 3000000 /dev/zero; printf end; : > ${mark()}.done`;
    const child = await run(script);
    await readUntilChange(child);
    const events = collectEvents(child);
    line.isDead = true;
    line.cut();
    writeFileSync(mark(), '');
    await until(() => existsSync(`${mark()}.done`), STEP_MS, 'the last of the output');
    line.isDead = false;
    const all = await events;
    const text = textOf(all);
    assert.ok(text.startsWith('first\n'));
    assert.ok(text.endsWith('\0end'));
    assert.ok(text.length > 900_000 && text.length < 3_000_000, String(text.length));
    assert.equal(all.filter(({ type }) => type === 'dropped').length, 1);
    assert.deepEqual(
      all.slice(-2).map(({ type }) => type),
      ['exited', 'closed'],
    );
    assert.ok((await child.read(0)).droppedBytes > 0);
  });

  it('without a resume in time all fails with the window in words, and connecting again begins anew', async () => {
    await using short = Environment.remote({ id: 'short', url: line.url }, { resumeWindowMs: 300 });
    const child = await start(
      short.getExecBackend(),
      sh('sleep 600', { processId: 'sleeper', pipeStdin: true }),
    );
    const waiting = child.read(0, undefined, FOREVER_MS);
    line.isDead = true;
    line.cut();
    while (short.state !== 'reconnecting') await sleep(1);
    const written = child.write(Buffer.from('x'));
    const failed = (await collectEvents(child)).at(-1);
    await assert.rejects(inTime('the write', written), { name: 'DisconnectedError', message: DISCONNECTED });
    for (const response of [await inTime('the read', waiting), await child.read(0)]) {
      assert.equal(response.closed, true);
      assert.match(response.failure ?? '', DISCONNECTED);
    }
    assert.ok(failed?.type === 'failed');
    assert.match(
      failed.message,
      /^exec-server transport disconnected: ws:\/\/127\.0\.0\.1:\d+\/…: .*failed to resume exec-server session/,
    );
    await assert.rejects(start(short.getExecBackend(), sh('true', { processId: 'no' })), {
      message: DISCONNECTED,
    });
    line.isDead = false;
    await short.connect();
    assert.equal(short.state, 'connected');
    assert.equal(short.problem, undefined);
    assert.equal(
      (await collectFromReads(await start(short.getExecBackend(), sh('echo anew')))).text,
      'anew\n',
    );
  });

  it('a server that shuts down says so, and nobody waits for it', async () => {
    const other = await ourServer();
    const own = await BrokenLine.to(other.url);
    await using remote = Environment.remote({ id: 'restarted', url: own.url });
    const child = await start(remote.getExecBackend(), sh('sleep 600'));
    const failed = collectEvents(child);
    other.child.kill('SIGTERM');
    const last = (await failed).at(-1);
    assert.ok(last?.type === 'failed');
    assert.match(last.message, /^exec-server transport disconnected: .*server is shutting down/);
    own.close();
  });
});
