/** Many environments: each by its id, connected when it is used, and none in the place of another. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import {
  Environment,
  EnvironmentManager,
  type EnvironmentConfig,
  type ExecProcessEvent,
} from '../../src/environment';
import { until } from '../unit/process/helpers';
import { closedPort } from './badServers';
import { BrokenLine } from './brokenLine';
import { collectEvents, collectFromReads, sh, start } from './collect';
import { ourServer } from './ends';

describe('the environments of one program', function () {
  this.timeout(CASE_MS);
  let server: Awaited<ReturnType<typeof ourServer>>;
  let line: BrokenLine;
  let local: Environment;
  let manager: EnvironmentManager;
  let folder: string;
  before(async () => {
    server = await ourServer();
    folder = mkdtempSync(join(tmpdir(), 'manager-'));
  });
  after(() => {
    server.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    line = await BrokenLine.to(server.url);
    local = await Environment.create();
    manager = new EnvironmentManager({ local });
  });
  afterEach(async () => {
    await manager[Symbol.asyncDispose]();
    line.close();
  });

  const ids = (): string[] => manager.list().map(({ id }) => id);
  const run = async (environment: Environment | undefined, script: string): Promise<string> => {
    assert.ok(environment);
    return (await collectFromReads(await start(environment.getExecBackend(), sh(script)))).text;
  };
  const dead = async (): Promise<string> => `ws://127.0.0.1:${String((await closedPort()).port)}`;

  it('this machine is there and meant, unless somebody says otherwise', async () => {
    assert.deepEqual(ids(), ['local']);
    assert.equal(manager.defaultEnvironment, local);
    assert.equal(await run(manager.defaultEnvironment, 'echo here'), 'here\n');
    assert.deepEqual(manager.set([{ id: 'far', url: line.url }]), []);
    assert.deepEqual(ids(), ['local', 'far']);
    assert.equal(manager.defaultEnvironment, local);
    manager.set([{ id: 'far', url: line.url }], 'far');
    assert.equal(manager.defaultEnvironment, manager.get('far'));
    assert.equal(manager.get('local'), local);
    assert.equal(manager.get('other'), undefined);
    const without = new EnvironmentManager();
    assert.deepEqual(
      [without.list(), without.defaultEnvironment, without.get('local')],
      [[], undefined, undefined],
    );
  });

  it('the first use connects, and all others share that connection', async () => {
    manager.set([{ id: 'far', url: line.url }], 'far');
    const far = manager.get('far');
    assert.deepEqual([far?.state, far?.isLocal, far?.info], ['disconnected', false, undefined]);
    assert.equal(line.accepted, 0);
    const texts = await Promise.all(['1', '2', '3'].map((word) => run(far, `echo ${word}`)));
    assert.deepEqual(texts, ['1\n', '2\n', '3\n']);
    assert.equal(line.accepted, 1);
    assert.equal(far?.state, 'connected');
    assert.ok(far.info?.cwd);
    assert.ok((await far.ping()) >= 0);
  });

  it('what stays as it is keeps its connection and processes; what changes or goes is ended', async () => {
    const stays: EnvironmentConfig = { id: 'stays', url: line.url };
    manager.set([stays, { id: 'goes', url: line.url }]);
    const [staying, going] = [manager.get('stays'), manager.get('goes')];
    assert.ok(staying && going);
    const kept = await start(staying.getExecBackend(), sh('read x; echo kept', { pipeStdin: true }));
    const ended = collectEvents(await start(going.getExecBackend(), sh('sleep 600')));
    let changes = 0;
    const stop = manager.onDidChange(() => changes++);
    manager.set([{ ...stays }, { id: 'new', url: line.url }]);
    stop();
    assert.ok(changes > 0);
    assert.equal(manager.get('stays'), staying);
    assert.deepEqual(
      (await ended).map(({ type }) => type),
      ['exited', 'closed'],
    );
    assert.equal(going.state, 'disconnected');
    await assert.rejects(run(going, 'true'), /^ConnectError: environment "goes": .*it was removed/);
    await kept.write(Buffer.from('\n'));
    assert.equal((await collectFromReads(kept)).text, 'kept\n');
    manager.set([{ id: 'stays', url: `${line.url}?other` }]);
    assert.notEqual(manager.get('stays'), staying);
  });

  it('names each entry that it leaves out, and takes the others', () => {
    const url = 'ws://127.0.0.1:1';
    const configs = ['a', 'a', '', 'local', 'b'].map((id) => ({ id, url }));
    assert.deepEqual(manager.set(configs, 'c'), [
      'the environment id "a" is used twice; only the first one counts, rename the other',
      'an environment has an empty id; give it a name',
      'the environment id "local" stands for this machine; choose another',
      'the default environment "c" is not configured; choose another',
    ]);
    assert.deepEqual(ids(), ['local', 'a', 'b']);
    assert.equal(manager.get('local'), local);
  });

  it('nothing runs here when the one that is meant is dead, has broken, or has gone', async () => {
    const marker = join(folder, 'marker');
    const script = `echo ran >"${marker}"`;
    manager.set([{ id: 'far', url: await dead() }], 'far');
    await assert.rejects(
      run(manager.defaultEnvironment, script),
      /^ConnectError: environment "far": cannot connect/,
    );
    manager.set([{ id: 'far', url: line.url }], 'far');
    assert.equal(await run(manager.defaultEnvironment, 'echo far'), 'far\n');
    const far = manager.defaultEnvironment;
    manager.set([]);
    assert.equal(manager.defaultEnvironment, undefined);
    await assert.rejects(run(far, script), /^ConnectError: environment "far"/);
    assert.equal(existsSync(marker), false);
  });

  it('its end is that of every process and connection', async () => {
    manager.set([{ id: 'far', url: line.url }]);
    const all: Promise<ExecProcessEvent[]>[] = [];
    for (const each of manager.list()) {
      all.push(collectEvents(await start(each.getExecBackend(), sh('sleep 600'))));
    }
    await manager[Symbol.asyncDispose]();
    for (const events of await Promise.all(all)) {
      assert.deepEqual(
        events.map(({ type }) => type),
        ['exited', 'closed'],
      );
    }
    assert.deepEqual(ids(), ['local']);
    await until(() => !line.isOpen);
  });

  describe('as CODEX_EXEC_SERVER_URL says', () => {
    const from = async (value: string | undefined): Promise<EnvironmentManager> => {
      await manager[Symbol.asyncDispose]();
      manager = await EnvironmentManager.fromEnv({ CODEX_EXEC_SERVER_URL: value });
      return manager;
    };

    for (const value of [undefined, '', '  ']) {
      it(`${value === undefined ? 'unset' : JSON.stringify(value)}: this machine`, async () => {
        const { defaultEnvironment } = await from(value);
        assert.deepEqual(ids(), ['local']);
        assert.equal(await run(defaultEnvironment, 'echo here'), 'here\n');
      });
    }

    for (const value of ['none', ' None ', 'NONE']) {
      it(`${JSON.stringify(value)}: nothing at all`, async () => {
        const { defaultEnvironment } = await from(value);
        assert.deepEqual([ids(), defaultEnvironment], [[], undefined]);
      });
    }

    it('a URL: the server there, as “remote”', async () => {
      const { defaultEnvironment } = await from(` ${line.url} `);
      assert.deepEqual(ids(), ['local', 'remote']);
      assert.equal(line.accepted, 0);
      assert.equal(defaultEnvironment?.id, 'remote');
      assert.equal(await run(defaultEnvironment, 'echo there'), 'there\n');
      assert.equal(line.accepted, 1);
    });

    it('a URL that is wrong or where nobody is: a sentence, and nothing runs here', async () => {
      const marker = join(folder, 'wrong');
      for (const value of ['http://127.0.0.1:1', 'nonsense', await dead()]) {
        const { defaultEnvironment } = await from(value);
        await assert.rejects(
          run(defaultEnvironment, `echo ran >"${marker}"`),
          /^ConnectError: environment "remote": /,
        );
      }
      assert.equal(existsSync(marker), false);
    });
  });
});
