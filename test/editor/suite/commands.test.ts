import assert from 'node:assert/strict';
import { eventually } from '../host/driver';
import { api, cleanUp, isAlive, node, output, ready, stateOf } from './support';

describe('commands for other extensions', () => {
  before(ready);
  afterEach(cleanUp);

  it('a command line runs in the workspace, and its output and exit code come back as JSON', async () => {
    const { processId, pid } = await api.start({
      command: 'echo out; echo err >&2; exit 3',
      clientName: 'Test',
    });
    assert.ok(pid !== null && pid > 0);
    const closed = await eventually(async () => {
      const read = await api.read({ processId, waitMs: 1000 });
      return read.closed && read;
    }, 'closed');
    assert.equal(closed.exitCode, 3);
    const text = (stream: string): string =>
      closed.chunks
        .filter((chunk) => chunk.stream === stream)
        .map(({ chunk }) => Buffer.from(chunk, 'base64').toString())
        .join('');
    assert.equal(text('stdout'), 'out\n');
    assert.equal(text('stderr'), 'err\n');
    assert.equal(closed.droppedBytes, 0);
    const rest = await api.read({ processId, afterSeq: closed.nextSeq - 1 });
    assert.deepEqual(rest.chunks, []);
    const listed = (await api.list()).find((row) => row.processId === processId);
    assert.equal(listed?.client.name, 'Test');
    assert.equal(listed.state, 'exited');
  });

  it('50 started at once each run, and each has its own output and exit code', async () => {
    const all = Array.from({ length: 50 }, (_, index) => index);
    const started = await Promise.all(
      all.map((index) => api.start({ command: `echo row ${index}; exit ${index}` })),
    );
    const ends = await Promise.all(
      started.map(({ processId }) =>
        eventually(async () => {
          const { closed, exitCode } = await api.read({ processId, waitMs: 1000 });
          return closed && [exitCode];
        }, `the end of ${processId}`),
      ),
    );
    assert.deepEqual(
      ends,
      all.map((index) => [index]),
    );
    const outputs = await Promise.all(started.map(({ processId }) => output(processId)));
    assert.deepEqual(
      outputs,
      all.map((index) => `row ${index}\n`),
    );
    const ids = new Set(started.map(({ processId }) => processId));
    assert.equal((await api.list()).filter(({ processId }) => ids.has(processId)).length, all.length);
  });

  it('what is written reaches stdin, which can be closed', async () => {
    const { processId } = await api.start({
      ...node(
        'process.stdin.on("data", (d) => process.stdout.write("got " + d)).on("end", () => console.log("end"))',
      ),
      pipeStdin: true,
    });
    assert.deepEqual(await api.write({ processId, data: 'héllo\n' }), { status: 'accepted' });
    await api.write({ processId, dataBase64: Buffer.from('bytes\n').toString('base64'), closeStdin: true });
    await eventually(async () => (await stateOf(processId)) === 'exited', 'exited');
    assert.equal((await output(processId)).replace(/got /g, ''), 'héllo\nbytes\nend\n');
    assert.deepEqual(await api.write({ processId, data: 'late' }), { status: 'stdinClosed' });
  });

  it('env is added to the own environment, without the variables of the editor', async () => {
    const { processId } = await api.start({
      argv: [process.execPath, '-p', 'JSON.stringify(process.env)'],
      env: { ELECTRON_RUN_AS_NODE: '1', MINE: 'yes' },
    });
    await eventually(async () => (await api.read({ processId })).closed, 'closed');
    const env = JSON.parse(await output(processId)) as Record<string, string>;
    assert.equal(env['MINE'], 'yes');
    assert.ok(env['PATH'] ?? env['Path']);
    assert.deepEqual(
      Object.keys(env).filter((name) => name.startsWith('VSCODE_')),
      [],
    );
  });

  it('terminate ends it, grandchildren included', async () => {
    const { processId } = await api.start({
      ...node(
        'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1e6)"]); console.log(c.pid); setInterval(() => 0, 1e6)',
      ),
    });
    const grandchild = await eventually(async () => Number(await output(processId)), 'its pid');
    assert.ok(isAlive(grandchild));
    assert.deepEqual(await api.terminate({ processId }), { running: true, survivors: [] });
    assert.equal(await stateOf(processId), 'killed');
    await eventually(() => !isAlive(grandchild), 'the grandchild is gone');
  });

  const refused: [what: string, call: () => Promise<unknown>, words: RegExp][] = [
    ['neither command nor argv', () => api.start({}), /either "command".*or "argv"/],
    ['an empty argv', () => api.start({ argv: [] }), /"argv".*at least one/],
    ['an unknown member', () => api.start({ command: 'x', shell: true }), /"shell".*not known/],
    ['a wrong type', () => api.start({ command: 'x', tty: 'yes' }), /"tty".*true or false/],
    ['a relative cwd', () => api.start({ command: 'x', cwd: 'sub' }), /"cwd".*absolute/],
    ['a program that is not there', () => api.start({ argv: ['/no/such/program'] }), /no\/such\/program/],
    [
      'a folder that is not there',
      () => api.start({ command: 'true', cwd: '/no/such/folder' }),
      /no\/such\/folder/,
    ],
    ['an unknown process', () => api.read({ processId: 'nope' }), /no process "nope"/],
    ['a write of nothing', () => api.write({ processId: 'nope' }), /nothing to do/],
    [
      'a negative afterSeq',
      () => api.read({ processId: 'p1', afterSeq: -1 }),
      /"afterSeq".*whole number from 0/,
    ],
  ];
  for (const [what, call, words] of refused) {
    it(`${what} is refused with words`, async () => {
      await assert.rejects(call, (error: Error) => words.test(error.message) || assert.fail(error.message));
    });
  }

  it('getConnection gives all that a client needs', async () => {
    const connection = await api.connection();
    assert.match(connection.baseUrl, /^ws:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(connection.url, `${connection.baseUrl}/${connection.token}`);
    assert.equal(connection.headers.Authorization, `Bearer ${connection.token}`);
    assert.ok(connection.environmentsToml.includes('include_local = false'));
  });
});
