/** The token of a server: where it goes, when it is asked for, and giving up. */
import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Environment } from '../../src/environment';
import { mute } from './badServers';
import { BrokenLine } from './brokenLine';
import { collectFromReads, readUntilChange, sh, start } from './collect';
import { ourServer } from './ends';

describe('a token, and a connection under way', function () {
  this.timeout(CASE_MS);
  let server: Awaited<ReturnType<typeof ourServer>>;
  let line: BrokenLine;
  before(async () => {
    server = await ourServer();
    line = await BrokenLine.to(server.url);
  });
  after(() => {
    line.close();
    server.child.kill('SIGKILL');
  });

  it('is asked for before each connection, so that it may change', async () => {
    const { pathname } = new URL(server.url);
    const url = line.url.slice(0, -pathname.length);
    const asked: string[] = [];
    const authBearerToken = async (): Promise<string> => {
      asked.push(far.state);
      return `  ${pathname.slice(1)}\n`;
    };
    await using far = Environment.remote({ id: 'far', url, authBearerToken });
    const child = await start(far.getExecBackend(), sh('echo up; read x; echo $x', { pipeStdin: true }));
    await readUntilChange(child);
    assert.deepEqual(asked, ['connecting']);
    line.cut();
    await child.write(Buffer.from('again\n'));
    assert.deepEqual(await collectFromReads(child), { text: 'up\nagain\n', exitCode: 0 });
    assert.equal(asked.at(-1), 'reconnecting');
  });

  it('that cannot be had is a reason to fail', async () => {
    const authBearerToken = (): Promise<string> => Promise.reject(new Error('the keyring is locked'));
    await using far = Environment.remote({ id: 'far', url: line.url, authBearerToken });
    await assert.rejects(far.connect(), {
      name: 'ConnectError',
      message: /^environment "far": cannot connect to ws:.+: the keyring is locked$/,
    });
  });

  it('giving up ends the attempt for everyone who waits, and the next one may succeed', async () => {
    const silent = await mute();
    await using far = Environment.remote({ id: 'far', url: `ws://127.0.0.1:${String(silent.port)}` });
    const abort = new AbortController();
    const connecting = far.connect(abort.signal);
    const starting = start(far.getExecBackend(), sh('true'));
    assert.equal(far.state, 'connecting');
    abort.abort();
    for (const waiting of [connecting, starting]) {
      await assert.rejects(waiting, /^ConnectError: environment "far": .*: the attempt was given up$/);
    }
    assert.equal(far.state, 'disconnected');
    silent.close();
  });

  it('disconnecting ends what runs there; the next use connects anew', async () => {
    await using far = Environment.remote({ id: 'far', url: line.url });
    const states: string[] = [];
    far.onDidChange(() => states.push(far.state));
    const child = await start(far.getExecBackend(), sh('sleep 600'));
    await far.disconnect();
    assert.equal((await collectFromReads(child)).exitCode, 137);
    assert.equal(far.state, 'disconnected');
    assert.equal((await collectFromReads(await start(far.getExecBackend(), sh('echo anew')))).text, 'anew\n');
    assert.deepEqual([...new Set(states)], ['connecting', 'connected', 'disconnected']);
  });
});
