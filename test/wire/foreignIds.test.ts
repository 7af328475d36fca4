import assert from 'node:assert/strict';
import { both, ours } from './cases.js';
import { initialize, Proc } from './session.js';
import { get, web } from './webServer.js';

const UNKNOWN = { code: -32600, message: 'unknown process id theirs' };

describe('what belongs to others', () => {
  both('sessions: a process of another session is unknown to every method, and goes on', async (t) => {
    const [owner, other] = [await t.session(), await t.session()];
    const proc = await owner.start(['cat'], { processId: 'theirs', pipeStdin: true });
    const foreign = new Proc(other.client, 'theirs');
    assert.deepEqual(await other.client.fails('process/read', { processId: 'theirs' }), UNKNOWN);
    assert.deepEqual(await foreign.write('not mine\n'), { status: 'unknownProcess' });
    assert.deepEqual(await foreign.signal(), {});
    assert.deepEqual(await foreign.terminate(), { running: false });
    await proc.write('still here\n');
    await proc.until('still here\n');
    assert.equal(proc.text(), 'still here\n');
    assert.deepEqual(other.client.eventsOf('theirs'), []);
    assert.deepEqual(await proc.terminate(), { running: true });
  });

  both('sessions: a write id that another session used writes all the same', async (t) => {
    for (const session of [await t.session(), await t.session()]) {
      const proc = await session.start(['cat'], { processId: 'same', pipeStdin: true });
      await proc.write('line\n', 'same');
      await proc.until('line\n');
      await proc.terminate();
    }
  });

  both('sessions: a resumed session still has its finished processes, and their ids are taken', async (t) => {
    const session = await t.session();
    const proc = await session.run('echo kept; exit 3', { processId: 'kept' });
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    const read = await again.client.call('process/read', { processId: proc.id });
    assert.deepEqual([read['exitCode'], read['closed']], [3, true]);
    await assert.rejects(again.sh('true', { processId: 'kept' }), /process kept already exists/);
    assert.deepEqual(await again.client.call('process/terminate', { processId: 'kept' }), { running: false });
  });

  both('http: stream ids belong to the connection, and are free on the next one', async (t) => {
    const { url } = await web(t, (_, response) => response.write('part'));
    const params = get(url, { requestId: 'same', streamResponse: true });
    const session = await t.session();
    const other = await t.session();
    for (const { client } of [session, other]) await client.call('http/request', params);
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    assert.equal((await again.client.call('http/request', params))['status'], 200);
  });

  both('sessions: a session is resumed again and again, its processes none the worse', async (t) => {
    let session = await t.session();
    const { id } = session;
    await session.start(['cat'], { processId: 'cat', pipeStdin: true });
    for (let i = 0; i < 20; i++) {
      await session.client.drop();
      session = await t.session(undefined, id);
      const proc = new Proc(session.client, 'cat');
      await proc.write(`${String(i)}\n`);
      await proc.until(`${String(i)}\n`);
      assert.equal(proc.sorted[0]?.seq, i + 1);
    }
    await session.client.call('process/terminate', { processId: 'cat' });
  });

  both('sessions: a connection whose resume was refused can resume another session', async (t) => {
    const session = await t.session();
    const client = await t.connect();
    for (const resumeSessionId of ['none', session.id])
      assert.ok((await client.fails('initialize', { clientName: 'x', resumeSessionId })).code);
    await session.client.drop();
    assert.equal((await initialize(client, session.id))['sessionId'], session.id);
  });

  ours('bounds: while the server stops, a resume and a new session are refused at once', async (t) => {
    const server = await t.ownServer();
    const session = await t.session(server);
    // Holds the shutdown up until it is killed.
    const deaf = await session.sh('trap "" TERM HUP INT; echo ready; while :; do sleep 0.1; done');
    await deaf.until('ready');
    server.child?.kill('SIGTERM');
    assert.equal(await session.client.closed, 1001);
    for (const resumeSessionId of [session.id, null]) {
      // On a machine that is very slow it has stopped by now.
      const client = await t.connect(server).catch(() => undefined);
      if (client)
        assert.equal((await client.fails('initialize', { clientName: 'x', resumeSessionId })).code, -32600);
    }
  });
});
