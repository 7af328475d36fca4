import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CASE_MS, START_MS, STEP_MS } from '../../scripts/host/patience.mjs';
import { NextWindow } from '../../src/cli/doors/nextWindow';
import type { ManagedProcess } from '../../src/environment';
import { until, untilClosed, untilOutput } from '../unit/process/helpers';
import { sh } from './collect';
import { cmdline, environ } from '../wire/procfs';
import { KeptWindow, KeptWorkspace } from './keptWorkspace';

/** Reloads of a window while one build goes on. */
const RELOADS = 50;

describe('a server that is kept while windows come and go', function () {
  this.timeout(CASE_MS);
  let kept: KeptWorkspace;
  beforeEach(() => (kept = new KeptWorkspace()));
  afterEach(() => kept.close());

  it(`a build goes on through ${RELOADS} reloads: nothing is lost, nothing comes twice, the agent notices nothing`, async () => {
    let window = await kept.window();
    const { url } = window.server;
    const agent = await kept.agent(window);
    const states: string[] = [];
    agent.onDidChange(() => states.push(agent.state));
    const heard: Buffer[] = [];
    const build =
      'i=0; while [ ! -e stop ]; do i=$((i+1)); echo "line $i"; sleep 0.01; done; echo "lines=$i"';
    await agent.start({ ...sh(build, { cwd: kept.home }), processId: 'build' }, (event) => {
      if (event.type === 'output') heard.push(event.chunk);
    });
    for (let reload = 0; reload < RELOADS; reload++) {
      const seen = (await window.row('build')).totalBytes;
      await until(() => window.table.list()[0]!.totalBytes > seen, STEP_MS, 'output');
      await window.reload();
      window = await kept.window();
      assert.equal(window.server.url, url);
    }
    await agent.start(sh(': > stop', { cwd: kept.home }), () => undefined);
    const row = await window.row('build');
    await untilClosed(row);
    const shown = await allOf(row);
    const text = shown.toString();
    const lines = Number(/lines=(\d+)/.exec(text)?.[1]);
    const expected =
      Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`).join('') + `lines=${lines}\n`;
    assert.equal(text, expected);
    await until(() => Buffer.concat(heard).length === shown.length, START_MS, 'all of it at the agent');
    assert.equal(digest(Buffer.concat(heard)), digest(shown));
    assert.equal(row.droppedBytes, 0);
    assert.equal(row.exitCode, 0);
    assert.deepEqual(states, []);
  });

  it('a terminal is typed into across a reload, and the keyboard stays the person’s', async () => {
    const first = await kept.window();
    const agent = await kept.agent(first);
    const script = 'while read -r line; do echo "got <$line>"; done';
    const program = await agent.start({ ...sh(script, { tty: true }), processId: 'ask' }, () => undefined);
    const before = await first.row('ask');
    before.keyboard.takeOver();
    await until(() => before.keyboard.taken, STEP_MS, 'the keyboard');
    assert.equal(await before.type(Buffer.from('by the ')), 'accepted');
    const written = program.write(Buffer.from('by the agent\r'));
    await until(() => before.keyboard.heldBytes === 13, STEP_MS, 'the agent waits');
    await first.reload();

    const after = await (await kept.window()).row('ask');
    assert.equal(after.keyboard.taken, true);
    assert.equal(after.keyboard.takenElsewhere, false);
    assert.equal(after.hold, 'person');
    assert.equal(await after.type(Buffer.from('person\r')), 'accepted');
    await untilOutput(after, /got <by the person>/);
    after.keyboard.giveBack();
    assert.equal(await written, 'accepted');
    await untilOutput(after, /got <by the person>[^]*got <by the agent>/);
    await until(() => !after.keyboard.taken, STEP_MS, 'it is given back');
  });

  it('a secret that a window sends to a pipe is one line of the time-line, without its length', async () => {
    const window = await kept.window();
    const agent = await kept.agent(window);
    await agent.start({ ...sh('cat', { pipeStdin: true }), processId: 'cat' }, () => undefined);
    const row = await window.row('cat');
    assert.equal(await row.type(Buffer.from('hunter2\n'), true), 'accepted');
    await untilOutput(row, /hunter2/);
    await window.server.close();
    const typed = (await kept.happened()).filter(({ kind }) => kind === 'typed');
    assert.equal(typed.length, 1);
    assert.ok(!('bytes' in typed[0]!), JSON.stringify(typed));
  });

  it('of two windows one has the keyboard, and either gives it back', async () => {
    const [one, two] = [await kept.window(), await kept.window()];
    const agent = await kept.agent(one);
    await agent.start({ ...sh('cat', { tty: true }), processId: 'cat' }, () => undefined);
    const [here, there] = [await one.row('cat'), await two.row('cat')];
    here.keyboard.takeOver();
    await until(() => there.keyboard.takenElsewhere, STEP_MS, 'the other window knows');
    assert.equal(here.keyboard.takenElsewhere, false);
    there.keyboard.takeOver();
    await assert.rejects(there.type(Buffer.from('both')), /at another window\. "Give Back", here or there/);
    assert.equal(await here.type(Buffer.from('one\r')), 'accepted');
    await untilOutput(there, /one\r\none/);
    there.keyboard.giveBack();
    await until(() => !here.keyboard.taken, STEP_MS, 'it is free');
    there.keyboard.takeOver();
    await until(() => here.keyboard.takenElsewhere, STEP_MS, 'the other one has it');
    await assert.rejects(here.type(Buffer.from('both')), /at another window/);
    assert.equal(await there.type(Buffer.from('two\r')), 'accepted');
    const text = await untilOutput(here, /two\r\ntwo/);
    assert.doesNotMatch(text, /both/);
  });

  it('finished rows come back as they ended, with all of their output, also what is in a file', async () => {
    const first = await kept.window();
    const agent = await kept.agent(first);
    const lines = 400_000;
    await agent.start({ ...sh(`seq ${lines}; exit 3`), processId: 'much' }, () => undefined);
    await agent.start({ ...sh('sleep 1061'), processId: 'long' }, () => undefined);
    await agent
      .start({ ...sh('x', { argv: ['/nowhere'] }), processId: 'none' }, () => undefined)
      .catch(() => undefined);
    const long = await first.row('long');
    const survivors = await long.stop({ from: 'terminate', by: 'person', graceMs: 2000 });
    assert.deepEqual(survivors, []);
    await untilClosed(long);
    await untilClosed(await first.row('much'));
    await first.reload();

    const second = await kept.window();
    const again = await second.row('much');
    await untilClosed(again);
    const expected = Buffer.from(Array.from({ length: lines }, (_, at) => `${at + 1}\n`).join(''));
    assert.equal(digest(await allOf(again)), digest(expected));
    assert.equal(again.droppedBytes, 0);
    assert.equal(again.exitCode, 3);
    assert.equal(again.owner.name, 'Tester');
    const ended = await second.row('long');
    await untilClosed(ended);
    assert.deepEqual([ended.state, ended.stoppedBy, ended.exitSignal], ['killed', 'person', 15]);
    assert.ok(Math.abs((ended.endedAt ?? 0) - (long.endedAt ?? 0)) < 1000);
    assert.equal(ended.startedAt, long.startedAt);
    assert.equal((await second.row('none')).state, 'unstarted');
    // What happens is noted where it is kept.
    assert.deepEqual(second.deeds, []);

    second.server.clearFinished();
    await until(() => second.table.list().length === 0, STEP_MS, 'the rows are gone');
    const third = await kept.window();
    assert.deepEqual(third.table.list(), []);
  });

  it('windows that come at once get one server; its token is in no file, and in no command line', async () => {
    const [one, two] = await Promise.all([kept.window(), kept.window()]);
    assert.equal(one.server.url, two.server.url);
    const { pid = 0 } = kept;
    assert.ok(one.server.token.length > 20);
    assert.ok(!cmdline(pid).includes(one.server.token));
    assert.ok(!environ(pid).includes(one.server.token));
    for (const file of readdirSync(kept.home, { recursive: true, withFileTypes: true })) {
      const name = join(file.parentPath, file.name);
      if (file.isFile()) assert.ok(!readFileSync(name).includes(one.server.token), name);
      if (file.name.endsWith('.sock')) assert.equal(statSync(dirname(name)).mode & 0o077, 0);
    }
    const before = one.server.url;
    await one.server.renewToken();
    await until(() => two.server.url !== before, STEP_MS, 'the other window knows the new token');
    assert.equal(one.server.url, two.server.url);
  });

  it('a program that came without a token is let in again when that is renewed', async () => {
    const { server } = await kept.window();
    const next = new NextWindow(kept.home);
    const socket = await next.connect();
    const ended = once(
      socket.resume().once('end', () => socket.end()),
      'close',
    );
    await server.renewToken();
    await ended;
    (await next.connect()).destroy();
  });

  it('another version is not attached to, and says what to do', async () => {
    await kept.window();
    await assert.rejects(
      KeptWindow.open(kept.options, '99.0.0'),
      /this is version 99\.0\.0\..*End Everything/,
    );
  });
});

async function allOf(row: ManagedProcess): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let afterSeq = 0; ;) {
    const page = await row.read({ afterSeq, maxBytes: 1024 * 1024 });
    if (page.chunks.length === 0) return Buffer.concat(parts);
    parts.push(...page.chunks.map(({ chunk }) => chunk));
    afterSeq = page.nextSeq - 1;
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
