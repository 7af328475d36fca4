import assert from 'node:assert/strict';
import { both } from './cases.js';
import { alive, gone } from './procfs.js';
import { handshake, initialize, Proc } from './session.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

describe('sessions, detach and resume', () => {
  both('sessions: process ids belong to the session: others do not see them and may use them', async (t) => {
    const [one, two] = [await t.session(), await t.session()];
    await one.start(['cat'], { processId: 'same', pipeStdin: true });
    assert.match(
      (await two.client.fails('process/read', { processId: 'same' })).message,
      /unknown process id/,
    );
    const other = await two.sh('echo two', { processId: 'same' });
    await other.closed();
    assert.equal(other.text(), 'two\n');
    assert.deepEqual(one.client.eventsOf('same'), []);
    assert.deepEqual(await two.client.call('process/terminate', { processId: 'same' }), { running: false });
    assert.deepEqual(await one.client.call('process/terminate', { processId: 'same' }), { running: true });
  });

  for (const how of ['lost', 'closed properly', 'closed by the server'] as const) {
    both(
      `sessions: when the connection is ${how}, processes go on and the session can be resumed`,
      async (t) => {
        const session = await t.session();
        const proc = await session.sh('echo "me=$$"; read x; echo "got $x"; exec cat', { pipeStdin: true });
        const pid = await proc.number('me');
        if (how === 'lost') session.client.socket.terminate();
        else if (how === 'closed properly') session.client.socket.close(1000);
        else session.client.notify('no/such');
        await session.client.closed;
        const again = await t.session(undefined, session.id);
        assert.equal(again.id, session.id);
        assert.ok(alive(pid));
        const same = new Proc(again.client, proc.id);
        await same.write('word\n');
        await same.until('got word');
        assert.deepEqual(await same.terminate(), { running: true });
        await same.closed();
        await gone(pid);
      },
    );
  }

  both('sessions: missed notifications are not replayed; process/read closes the gap', async (t) => {
    const dir = await t.dir();
    const session = await t.session();
    const proc = await session.sh(`echo one; read x; echo two; echo "$x" > ${dir}/x; exec cat`, {
      pipeStdin: true,
    });
    await proc.until('one');
    const last = proc.events.at(-1)?.seq ?? 0;
    session.client.post('process/write', { processId: proc.id, chunk: 'eAo=', writeId: '1' });
    await proc.until('two');
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    const same = new Proc(again.client, proc.id);
    const read = await same.read({ afterSeq: last, maxBytes: null, waitMs: 0 });
    const chunks = read['chunks'] as { seq: number; chunk: string }[];
    assert.equal(Buffer.concat(chunks.map((c) => Buffer.from(c.chunk, 'base64'))).toString(), 'two\n');
    assert.deepEqual(same.events, []);
    await same.write('three\n');
    await same.until('three');
    assert.equal(same.sorted[0]?.seq, read['nextSeq']);
    await same.terminate();
  });

  both('sessions: output and the end of a process while detached are kept', async (t) => {
    const session = await t.session();
    const proc = await session.sh('echo "me=$$"; read x; echo "end $x"; exit 7', { pipeStdin: true });
    const pid = await proc.number('me');
    const id = session.client.post('process/write', { processId: proc.id, chunk: 'eAo=', writeId: '1' });
    await session.client.answer(id);
    await session.client.drop();
    await gone(pid);
    const again = await t.session(undefined, session.id);
    const same = new Proc(again.client, proc.id);
    const read = await same.read({ waitMs: 20_000, afterSeq: 1 });
    assert.equal(read['exitCode'] ?? (await same.exited()).exitCode, 7);
    const all = (await same.read())['chunks'] as { chunk: string }[];
    assert.match(all.map((c) => Buffer.from(c.chunk, 'base64').toString()).join(''), /end x\n$/);
  });

  both('sessions: after a resume, initialized is needed again', async (t) => {
    const session = await t.session();
    await session.client.drop();
    const client = await t.connect();
    await initialize(client, session.id);
    assert.match((await client.fails('environment/status')).message, /must send initialized/);
    client.notify('initialized');
    assert.deepEqual(await client.call('environment/status'), { status: 'ready' });
  });

  both('sessions: an unknown session id is -32600, and the connection can start a new session', async (t) => {
    const client = await t.connect();
    for (const id of [UNKNOWN, 'nonsense', ''])
      assert.deepEqual(await client.fails('initialize', { clientName: 'x', resumeSessionId: id }), {
        code: -32600,
        message: `unknown session id ${id}`,
      });
    const session = await handshake(client);
    assert.equal(await session.text('echo on'), 'on');
  });

  both('sessions: a session attached to a live connection is -32010; there is no takeover', async (t) => {
    const session = await t.session();
    const client = await t.connect();
    assert.deepEqual(await client.fails('initialize', { clientName: 'x', resumeSessionId: session.id }), {
      code: -32010,
      message: `session ${session.id} is already attached to another connection`,
    });
    assert.equal(await session.text('echo on'), 'on');
    await session.client.drop();
    assert.equal((await handshake(client, session.id)).id, session.id);
  });

  both('sessions: a read that waits at the drop is not answered on the next connection', async (t) => {
    const session = await t.session();
    const proc = await session.start(['cat'], { pipeStdin: true });
    session.client.post('process/read', { processId: proc.id, waitMs: 600_000 }, 'waiting');
    await session.client.drop();
    const again = await t.session(undefined, session.id);
    const same = new Proc(again.client, proc.id);
    await same.write('x\n');
    await same.until('x');
    await same.terminate();
    await same.closed();
    assert.equal(
      again.client.log.some((m) => m.id === 'waiting'),
      false,
    );
  });
});
