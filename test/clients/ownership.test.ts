/** A client and the server that it has spawned. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { DISCONNECTED, DisconnectedError, spawnLocalExecServer } from '../../src/client';
import type { ExecProcessEvent } from '../../src/model';
import { Environment } from '../../src/environment';
import { lives, until } from '../unit/process/helpers';
import { inTime, sh } from './collect';
import { ourCommand, PATIENT } from './ends';

describe('a server that the client has spawned', function () {
  this.timeout(CASE_MS);
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'owner-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** The command of a server that leaves its process id, with a script before it. */
  function command(name: string, script: string): { program: string; args: string[]; pid: () => number } {
    const file = join(folder, name);
    const args = ['-c', `echo $$ >"${file}"; ${script}`, ourCommand.program, ...ourCommand.args];
    return { program: '/bin/sh', args, pid: () => Number(readFileSync(file, 'utf8')) };
  }

  it('ends with it, and so do the processes there', async () => {
    const { pid, ...own } = command('own', 'exec "$0" "$@"');
    const client = await spawnLocalExecServer(own, PATIENT);
    assert.ok(lives(pid()));
    const events: ExecProcessEvent[] = [];
    await client.start(sh('sleep 600 & echo $$ $!; wait'), (event) => events.push(event));
    await until(() => events.length > 0);
    const [first] = events;
    assert.ok(first?.type === 'output');
    const there = first.chunk.toString().trim().split(' ').map(Number);
    assert.deepEqual(there.map(lives), [true, true]);
    await client[Symbol.asyncDispose]();
    assert.equal(lives(pid()), false);
    await until(() => !there.some(lives));
    assert.equal(client.state, 'closed');
    await assert.rejects(client.ping(), (error) => {
      assert.ok(error instanceof DisconnectedError);
      assert.equal(error.message, `${DISCONNECTED}: the client was closed`);
      return true;
    });
  });

  it('is killed when it does not care for the end of its input, nor for SIGTERM', async () => {
    const stubborn = `process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);
      process.stdin.once('data', () => console.log('{"id":0,"result":{"sessionId":"s","environmentInfo":{}}}'));`;
    const own = command('stubborn', `exec "$0" -e '${stubborn.replaceAll("'", `'"'"'`)}'`);
    const client = await spawnLocalExecServer(own, PATIENT);
    assert.ok(lives(own.pid()));
    await client[Symbol.asyncDispose]();
    assert.equal(lives(own.pid()), false);
  });

  it('does not see the editor’s variables when it is an environment’s, and sees its own', async () => {
    const file = join(folder, 'env');
    const { program, args } = command('clean', `env >"${file}"; exec "$0" "$@"`);
    process.env['VSCODE_IPC_HOOK_TEST'] = 'editor';
    process.env['PLAIN_TEST'] = 'plain';
    try {
      await using box = Environment.remote({ id: 'box', program, args, env: { OWN_TEST: 'own' } }, PATIENT);
      await box.connect();
    } finally {
      delete process.env['VSCODE_IPC_HOOK_TEST'];
      delete process.env['PLAIN_TEST'];
    }
    const names = readFileSync(file, 'utf8')
      .match(/^\w+_TEST=.*$/gm)
      ?.sort();
    assert.deepEqual(names, ['OWN_TEST=own', 'PLAIN_TEST=plain']);
  });

  it('dies with its last words in every error', async () => {
    const own = command('dies', '"$0" "$@"; echo "out of memory" >&2; exit 9');
    const client = await spawnLocalExecServer(own, PATIENT);
    const ended = new Promise<ExecProcessEvent>((resolve) => {
      const script = 'sleep 0.3; kill -9 $PPID; exec sleep 600';
      client.start(sh(script), (event) => event.type === 'failed' && resolve(event)).catch(() => undefined);
    });
    const event = await ended;
    assert.ok(event.type === 'failed');
    assert.match(
      event.message,
      /^exec-server transport disconnected: the command “.+”: the program ended with status 9; the last it said was “.*out of memory”$/,
    );
    await assert.rejects(client.ping(), { message: event.message });
    assert.equal(client.problem, event.message);
  });

  it('is lost at once, though another program holds its stdout', async () => {
    const holder = join(folder, 'holder');
    const own = command('held', `sleep 3600 & echo $! >"${holder}"; exec "$0" "$@"`);
    const client = await spawnLocalExecServer(own, PATIENT);
    const pid = Number(readFileSync(holder, 'utf8'));
    const ended = new Promise<ExecProcessEvent>((resolve) => {
      const script = 'kill -9 $PPID; exec sleep 600';
      client.start(sh(script), (event) => event.type === 'failed' && resolve(event)).catch(() => undefined);
    });
    try {
      const event = await inTime('the loss', ended);
      assert.ok(event.type === 'failed');
      assert.ok(lives(pid), 'not only when the other one ends');
      // That a connection was accepted is no reason for its end.
      assert.match(event.message, /the program was ended by SIGKILL$/);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });
});
