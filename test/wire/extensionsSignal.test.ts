import assert from 'node:assert/strict';
import { ours } from './cases.js';
import type { Proc } from './session.js';

/** It says which signals come; so does its child, which has left the session. */
const FAMILY = `
  setsid sh -c 'trap "echo child usr1" USR1; echo child $$; while :; do sleep 0.1; done' &
  trap "echo leader usr1" USR1; echo leader $$; while :; do sleep 0.1; done`;

const send = (proc: Proc, signal: string, pid?: number) =>
  proc.client.call('process/sendSignal', {
    processId: proc.id,
    signal,
    ...(pid === undefined ? {} : { pid }),
  });
const pidOf = (proc: Proc, who: string): number =>
  Number(new RegExp(`${who} (\\d+)`).exec(proc.text('stdout'))?.[1]);

describe('process/sendSignal', () => {
  ours('extensions: to all of its members, or to one of them and to nobody else', async (t) => {
    const session = await t.session();
    const proc = await session.sh(FAMILY);
    await proc.until(/child \d/);
    await proc.until(/leader \d/);
    assert.deepEqual(await send(proc, 'SIGUSR1', pidOf(proc, 'child')), { sent: true });
    await proc.until('child usr1');
    assert.ok(!proc.text('stdout').includes('leader usr1'));
    const stranger = await session.sh('trap "echo hit" USR1; echo up $$; while :; do sleep 0.1; done');
    await stranger.until(/up \d/);
    assert.deepEqual(await send(proc, 'SIGUSR1', pidOf(stranger, 'up')), { sent: false }, 'of another one');
    assert.deepEqual(await send(proc, 'SIGUSR1'), { sent: true });
    await proc.until('leader usr1');
    assert.ok(!stranger.text('stdout').includes('hit'));
  });

  ours('extensions: SIGSTOP and SIGCONT; nobody gets it after the end', async (t) => {
    const session = await t.session();
    const proc = await session.sh('read a; echo "got $a"', { pipeStdin: true });
    assert.deepEqual(await send(proc, 'SIGSTOP'), { sent: true });
    await proc.write('x\n');
    assert.equal(proc.text('stdout'), '');
    assert.deepEqual(await send(proc, 'SIGCONT'), { sent: true });
    await proc.closed();
    assert.equal(proc.text('stdout'), 'got x\n');
    assert.deepEqual(await send(proc, 'SIGUSR1'), { sent: false });
  });

  ours('extensions: one that ends it is refused, and an unknown process too', async (t) => {
    const session = await t.session();
    const proc = await session.start(['sleep', '600']);
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', '9', 9]) {
      const params = { processId: proc.id, signal };
      assert.equal((await proc.client.fails('process/sendSignal', params)).code, -32602, String(signal));
    }
    const nobody = { processId: 'nobody', signal: 'SIGUSR1' };
    assert.equal((await proc.client.fails('process/sendSignal', nobody)).code, -32600);
  });
});
