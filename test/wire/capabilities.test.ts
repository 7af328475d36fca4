import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { both, ours, type Case } from './cases.js';
import type { Client, Json } from './client.js';
import { b64, Session, startParams, uri } from './session.js';
import { serverEnv } from './target.js';
import { get, web } from './webServer.js';

const changes = (client: Client) => client.log.filter(({ method }) => method === 'fs/missingChanged');

/** For each capability that ours announces, a use of it that fails without it. */
const USES: Record<string, (t: Case, client: Client) => Promise<void>> = {
  fsWatchMissing: async (t, client) => {
    const dir = await t.dir();
    const missing = [uri(`${dir}/a`), uri(`${dir}/b`)];
    const watch = { watchId: 7, missing };
    assert.deepEqual(await client.call('fs/watchMissing', watch), { watching: true });
    await writeFile(`${dir}/b`, '');
    const change = await client.wait('the change', () => changes(client)[0]);
    assert.deepEqual(change.params, { watchId: 7 });
    assert.deepEqual(
      await client.call('fs/watchMissing', watch),
      { watching: false },
      'a path that is there',
    );
  },

  httpHeaderEnvVars: async (t, client) => {
    t.needsLocal();
    const { url, seen } = await web(t);
    const headers = [{ name: 'authorization', value: 'Bearer ', valueEnvVar: 'WIRE_MARK' }];
    await client.call('http/request', get(url, { headers }));
    assert.ok(seen[0]?.rawHeaders.includes(`Bearer ${serverEnv.WIRE_MARK}`));
  },

  fileWriteStreaming: async (t, client) => {
    const path = `${await t.dir()}/f`;
    await client.call('fs/open', { handleId: 'h', path: uri(path), mode: 'replace' });
    await client.call('fs/writeBlock', { handleId: 'h', offset: 2, chunk: b64('c') });
    await client.call('fs/writeBlock', { handleId: 'h', offset: 0, chunk: b64('ab') });
    await client.call('fs/close', { handleId: 'h' });
    assert.equal(await readFile(path, 'utf8'), 'abc');
  },
};

/** The same for extensions of ours. */
const OWN_USES: Record<string, (t: Case, client: Client) => Promise<void>> = {
  processLifetime: async (_t, client) => {
    const started = await client.call('process/start', startParams(['true'], { lifetime: 'session' }));
    assert.equal(typeof started['pid'], 'number');
  },

  processMergeStderr: async (_t, client) => {
    const proc = await new Session(client, '', {}).run('echo x >&2', { mergeStderr: true });
    assert.equal(proc.text('stdout'), 'x\n');
  },

  processLabel: async (_t, client) => {
    const label = 'x'.repeat(5000);
    const error = await client.fails('process/start', startParams(['true'], { label }));
    assert.match(error.message, /label/);
  },

  processMembers: async (_t, client) => {
    const proc = await new Session(client, '', {}).start(['sleep', '600']);
    const command = async (): Promise<unknown> => {
      const { members } = await client.call('process/members', { processId: proc.id });
      return (members as Json[])[0]?.['command'];
    };
    // A program that is being loaded has no words yet.
    let told = await command();
    while (told === '[sleep]') told = await command();
    assert.equal(told, 'sleep 600');
  },

  processGraceful: async (_t, client) => {
    const proc = await new Session(client, '', {}).sh(
      'trap "exit 5" TERM; echo up; while :; do sleep 0.1; done',
    );
    await proc.until('up');
    await client.call('process/terminate', { processId: proc.id, mode: { graceful: { timeoutMs: 20_000 } } });
    await proc.closed();
    assert.equal(proc.exitCode, 5);
  },

  needsInput: async (_, client) => {
    const argv = ['/bin/sh', '-c', 'printf "Sure? "; read a'];
    await client.call('process/start', startParams(argv, { processId: 'ask', tty: true, needsInput: true }));
    const told = await client.wait('the question', () =>
      client.log.find(({ method }) => method === 'process/needsInput'),
    );
    assert.deepEqual(told.params, { processId: 'ask', needsInput: { kind: 'input', question: 'Sure?' } });
  },

  atPrompt: async (_, client) => {
    const more = { processId: 'shell', tty: true, needsInput: true, atPrompt: true, env: { PS1: 'me$ ' } };
    await client.call('process/start', startParams(['/bin/sh', '-i'], more));
    const told = await client.wait('the prompt', () =>
      client.log.find(({ method }) => method === 'process/needsInput'),
    );
    assert.equal(((told.params as Json)['needsInput'] as Json)['kind'], 'prompt');
  },

  processPorts: async (_, client) => {
    const script = `require('net').createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1', function () {
      console.log('port ' + this.address().port); })`;
    const proc = await new Session(client, '', {}).start([process.execPath, '-e', script]);
    await proc.until(/port \d+/);
    const port = Number(/port (\d+)/.exec(proc.text('stdout'))?.[1]);
    await client.call('port/open', { processId: proc.id, connectionId: 'c', port });
    assert.deepEqual(await client.call('port/read', { connectionId: 'c' }), {
      chunk: b64('hello'),
      ended: false,
    });
  },

  processSendSignal: async (_, client) => {
    const proc = await new Session(client, '', {}).sh(
      'trap "exit 6" USR1; echo up; while :; do sleep 0.1; done',
    );
    await proc.until('up');
    const sent = await client.call('process/sendSignal', { processId: proc.id, signal: 'SIGUSR1' });
    assert.deepEqual(sent, { sent: true });
    await proc.closed();
    assert.equal(proc.exitCode, 6);
  },
};

describe('capabilities', () => {
  ours(
    'environment: what is announced is what the following cases show, and nothing else',
    async (t) => {
      const { client } = await t.session();
      const { capabilities } = await client.call('environment/info');
      const announced = Object.entries(capabilities as Json).filter(([, value]) => value !== false);
      assert.deepEqual(
        announced.sort(),
        Object.keys({ ...USES, ...OWN_USES })
          .sort()
          .map((name) => [name, true]),
      );
    },
    'the reference announces more',
  );

  const works = (name: string, use: (t: Case, client: Client) => Promise<void>) => async (t: Case) => {
    const { client, initialized } = await t.session();
    const { capabilities } = initialized['environmentInfo'] as { capabilities: Json };
    assert.equal(capabilities[name], true);
    await use(t, client);
  };
  for (const [name, use] of Object.entries(USES))
    both(`environment: ${name} is announced, and works`, works(name, use));
  for (const [name, use] of Object.entries(OWN_USES))
    ours(`environment: ${name} is announced, and works`, works(name, use), 'an extension');

  both('environment: a method of a capability that is not announced is unknown or refused', async (t) => {
    const { client } = await t.session();
    const { capabilities } = (await client.call('environment/info')) as { capabilities: Json };
    if (capabilities['environmentConfigRead'] !== true)
      assert.equal((await client.fails('environmentConfig/read', {})).code, -32601);
    if (capabilities['capabilityDiscoveryV2'] !== true)
      assert.equal((await client.fails('capabilities/discoverV2', {})).code, -32601);
  });

  ours(
    'handles: each watch reports once, also for a path whose folder is not there yet',
    async (t) => {
      const { client } = await t.session();
      const dir = await t.dir();
      const watch = (watchId: number, ...names: string[]) =>
        client.call('fs/watchMissing', { watchId, missing: names.map((name) => uri(`${dir}/${name}`)) });
      assert.deepEqual(await watch(7, 'a/b/c', 'd'), { watching: true });
      assert.deepEqual(await watch(7, 'e'), { watching: false }, 'an id in use');
      assert.deepEqual(await watch(8, 'f'), { watching: true });
      await mkdir(`${dir}/a/b`, { recursive: true });
      await writeFile(`${dir}/a/b/c`, '');
      await client.wait('the change', () => changes(client)[0]);
      await writeFile(`${dir}/d`, '');
      await writeFile(`${dir}/f`, '');
      await client.wait('the other change', () => changes(client)[1]);
      const told = changes(client).map(({ params }) => params);
      assert.deepEqual(told, [{ watchId: 7 }, { watchId: 8 }]);
    },
    'the reference does not see a file that comes together with its folder',
  );

  ours('bounds: 128 watches; a further one is told that it does not watch', async (t) => {
    const { client } = await t.session();
    const dir = await t.dir();
    const watch = (watchId: number) =>
      client.call('fs/watchMissing', { watchId, missing: [uri(`${dir}/missing`)] });
    for (let watchId = 0; watchId < 128; watchId++)
      assert.deepEqual(await watch(watchId), { watching: true });
    assert.deepEqual(await watch(128), { watching: false });
    await writeFile(`${dir}/missing`, '');
    await client.wait('all changes', () => changes(client)[127]);
    const { client: other } = await t.session();
    const missing = Array.from({ length: 1025 }, (_, index) => uri(`${dir}/${String(index)}`));
    assert.deepEqual(await other.call('fs/watchMissing', { watchId: 0, missing }), { watching: false });
  });
});
