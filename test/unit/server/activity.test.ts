import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHub } from '../../../src/hub';
import { describeEnvironment, ExecServer, type Activity } from '../../../src/server';
import { until } from '../process/helpers';
import { SURROUNDINGS } from './fakes';
import { dialled } from './wire';

describe('what a server tells of its clients', () => {
  const hub = createHub();
  const told: Activity[] = [];
  const log: string[] = [];
  let server: ExecServer;
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'activity-'));
    const keep = (line: string): unknown => log.push(line);
    server = await ExecServer.listen({
      ...{ host: '127.0.0.1', port: 0, auth: { type: 'token' }, backend: hub.local },
      log: { debug: keep, info: keep, warn: keep, error: keep },
      environmentInfo: () => describeEnvironment({ executorVersion: '0', surroundings: SURROUNDINGS }),
      happened: (activity) => told.push(activity),
    });
  });
  after(async () => {
    await server.close();
    await hub.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => (told.length = 0));

  it('which files were read, written and removed, and which host was asked, and nothing of the content', async () => {
    const web = createServer((_request, response) => response.end('answer')).listen(0, '127.0.0.1');
    await until(() => web.listening);
    const { port } = web.address() as AddressInfo;
    const { call, hangUp } = await dialled(server.url, 'Codex');
    const native = (name: string): string => path.join(folder, name);
    const uri = (name: string): string => pathToFileURL(native(name)).href;
    await call('fs/writeFile', { path: uri('a'), dataBase64: Buffer.from('content').toString('base64') });
    await call('fs/readFile', { path: uri('a') });
    await call('fs/getMetadata', { path: uri('a') });
    await call('fs/copy', { sourcePath: uri('a'), destinationPath: uri('b'), recursive: false });
    await call('fs/remove', { path: uri('a') });
    await call('fs/readFile', { path: uri('not there') });
    await call('fs/open', { handleId: 'h', path: uri('b') });
    await call('http/request', {
      ...{ requestId: 'r', method: 'GET', url: `http://127.0.0.1:${port}/path?key=value`, headers: [] },
    });
    hangUp();
    web.close();
    assert.deepEqual(
      told.map((one) =>
        'path' in one ? [one.kind, one.path] : 'host' in one ? [one.method, one.host] : one,
      ),
      [
        ['wrote', native('a')],
        ['read', native('a')],
        ['wrote', native('b')],
        ['removed', native('a')],
        ['read', native('b')],
        ['GET', `127.0.0.1:${port}`],
      ],
    );
    assert.ok(told.every((one) => 'agent' in one && one.agent.name === 'Codex'));
    assert.ok(!/content|answer|key=/.test(JSON.stringify(told)));
  });

  it('who may not come in, in the log too, of a crowd only how many', async () => {
    const knock = (): Promise<Response> => fetch(`http://127.0.0.1:${server.port}/wrong`);
    assert.equal((await knock()).status, 401);
    for (let i = 0; i < 50; i++) await knock();
    const times = (): number => told.reduce((sum, one) => sum + ('times' in one ? one.times : 0), 0);
    await until(() => times() === 51);
    assert.ok(told.length < 20, `${told.length} lines`);
    const [first] = told;
    assert.ok(first?.kind === 'turnedAway' && first.status === 401 && first.peer.startsWith('127.0.0.1:'));
    assert.ok(log.some((line) => /^turned away 127\.0\.0\.1:\d+: 401/.test(line)));
    await fetch(`http://127.0.0.1:${server.port}/healthz`);
  });
});
