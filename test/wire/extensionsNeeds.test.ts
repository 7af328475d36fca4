import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ours } from './cases.js';
import type { Client, Json } from './client.js';
import { Proc } from './session.js';

/** Longer than it takes to see that somebody is needed. */
const SEEN_MS = 1500;
const ASKING = 'printf "Deploy? [y/N] "; read a; printf "Password: "; stty -echo; read b; sleep 60';

const told = (client: Client): unknown[] =>
  client.log.filter(({ method }) => method === 'process/needsInput').map(({ params }) => params);
const of = (proc: Proc, kind?: string, question?: string): Json => ({
  processId: proc.id,
  needsInput: kind === undefined ? null : { kind, question },
});

describe('process/needsInput', () => {
  ours('extensions: tells a question, a secret, and that nobody is needed any more', async (t) => {
    const session = await t.session();
    const proc = await session.sh(ASKING, { tty: true, needsInput: true });
    const { client } = proc;
    await client.wait('the question', () => told(client)[0]);
    await proc.write('y\n');
    await client.wait('the secret', () => (told(client).length >= 2 ? told(client).at(-1) : undefined));
    await proc.write('hunter2\n');
    await client.wait('no more', () => (told(client).at(-1) as Json)['needsInput'] === null || undefined);
    const kinds = told(client).filter((one) => (one as Json)['needsInput'] !== null);
    assert.deepEqual(kinds, [of(proc, 'input', 'Deploy? [y/N]'), of(proc, 'secret', 'Password:')]);
  });

  ours('extensions: the end takes it back', async (t) => {
    const session = await t.session();
    const proc = await session.sh('printf "User: "; read a', { pipeStdin: true, needsInput: true });
    const { client } = proc;
    await client.wait('the question', () => told(client)[0]);
    await proc.terminate();
    await proc.closed();
    assert.deepEqual(told(client), [of(proc, 'input', 'User:'), of(proc)]);
  });

  ours('extensions: nobody is told who did not ask, and process/read has no such member', async (t) => {
    const session = await t.session();
    const proc = await session.sh('printf "Sure? "; read a', { tty: true });
    await proc.until('Sure?');
    await sleep(SEEN_MS);
    assert.deepEqual(told(proc.client), []);
    assert.equal('needsInput' in (await proc.read()), false);
  });

  ours('extensions: a prompt is told to those only who asked for it', async (t) => {
    const session = await t.session();
    const shell = { tty: true, needsInput: true, env: { PS1: 'me$ ' } };
    const one = await session.start(['/bin/sh', '-i'], { ...shell, atPrompt: true });
    const other = await session.start(['/bin/sh', '-i'], shell);
    const { client } = one;
    await client.wait('the prompt', () => told(client)[0]);
    await one.write('sleep 3\n');
    await client.wait('its end', () => told(client)[1]);
    await client.wait('the next', () => told(client)[2]);
    assert.deepEqual(told(client), [of(one, 'prompt', 'me$'), of(one), of(one, 'prompt', 'me$')]);
    assert.deepEqual((await one.read())['needsInput'], { kind: 'prompt', question: 'me$' });
    assert.equal((await other.read())['needsInput'], null);
  });

  ours('extensions: after a resume process/read tells it, and later changes are notified', async (t) => {
    const session = await t.session();
    const proc = await session.sh('printf "Sure? "; read a', { tty: true, needsInput: true });
    await proc.until('Sure?');
    await session.client.drop();
    await sleep(SEEN_MS);
    const again = await t.session(undefined, session.id);
    const same = new Proc(again.client, proc.id);
    assert.deepEqual((await same.read())['needsInput'], { kind: 'input', question: 'Sure?' });
    await same.write('y\n');
    await same.closed();
    assert.deepEqual(told(again.client), [of(proc)]);
  });
});
