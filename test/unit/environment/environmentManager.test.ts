import assert from 'node:assert/strict';
import { Environment } from '../../../src/environment/environment';
import { EnvironmentManager } from '../../../src/environment/environmentManager';

/** Nothing listens there, and nothing connects before it is used. */
const url = (port: number): string => `ws://127.0.0.1:${String(port)}`;
const idsOf = (manager: EnvironmentManager): string[] => manager.list().map(({ id }) => id);

describe('the environments of a program', () => {
  let local: Environment;
  let manager: EnvironmentManager;
  let changes: number;
  beforeEach(async () => {
    local = await Environment.create();
    manager = new EnvironmentManager({ local });
    changes = 0;
    manager.onDidChange(() => changes++);
  });
  afterEach(() => manager[Symbol.asyncDispose]());

  it('begin with this machine, which is meant when nobody says', () => {
    assert.deepEqual([idsOf(manager), manager.defaultEnvironment], [['local'], local]);
    manager.set([{ id: 'box', url: url(1) }]);
    assert.deepEqual([idsOf(manager), manager.defaultEnvironment], [['local', 'box'], local]);
    assert.equal(changes, 1);
  });

  it('that are as before stay the same ones; others are made anew, whatever their order', () => {
    const programs = { id: 'there', program: 'ssh', args: ['box'] };
    manager.set([{ id: 'box', url: url(1) }, programs]);
    const [, box, there] = manager.list();
    manager.set([
      { ...programs, args: ['box'] },
      { id: 'box', url: url(2) },
    ]);
    assert.deepEqual(idsOf(manager), ['local', 'there', 'box']);
    assert.equal(manager.get('there'), there);
    assert.notEqual(manager.get('box'), box);
  });

  it('that are removed are disposed of, and tell nothing any more', async () => {
    manager.set([{ id: 'box', url: url(1) }]);
    const box = manager.get('box') ?? assert.fail();
    manager.set([]);
    assert.equal(manager.get('box'), undefined);
    changes = 0;
    await assert.rejects(box.connect(), /it was removed$/);
    assert.equal(changes, 0);
  });

  it('whose state changes tell it', async () => {
    manager.set([{ id: 'box', url: url(1) }]);
    changes = 0;
    await assert.rejects(
      manager.get('box')?.connect() ?? Promise.resolve(),
      /^ConnectError: environment "box"/,
    );
    assert.ok(changes > 0);
  });

  it('with an id that is empty, taken or this machine’s are left out, with a sentence each', () => {
    const problems = manager.set(
      [
        { id: '', url: url(1) },
        { id: 'local', url: url(1) },
        { id: 'box', url: url(1) },
        { id: 'box', url: url(2) },
      ],
      'nowhere',
    );
    assert.deepEqual(problems, [
      'an environment has an empty id; give it a name',
      'the environment id "local" stands for this machine; choose another',
      'the environment id "box" is used twice; only the first one counts, rename the other',
      'the default environment "nowhere" is not configured; choose another',
    ]);
    assert.deepEqual([idsOf(manager), manager.defaultEnvironment], [['local', 'box'], undefined]);
  });

  it('keep the chosen default, also when it is gone for a while: nothing takes its place', () => {
    manager.set([{ id: 'box', url: url(1) }], 'box');
    const chosen = (): string | undefined => manager.defaultEnvironment?.id;
    assert.equal(chosen(), 'box');
    assert.equal(manager.set([]).length, 1);
    assert.equal(chosen(), undefined);
    manager.set([{ id: 'box', url: url(1) }]);
    assert.equal(chosen(), 'box');
  });

  describe('read from the variables of a program', () => {
    const fromEnv = async (
      value?: string,
    ): Promise<[ids: string[], chosen: string | undefined, made: number]> => {
      let made = 0;
      const make = (): Promise<Environment> => {
        made++;
        return Environment.create();
      };
      const read = await EnvironmentManager.fromEnv({ CODEX_EXEC_SERVER_URL: value }, make);
      try {
        return [idsOf(read), read.defaultEnvironment?.id, made];
      } finally {
        await read[Symbol.asyncDispose]();
      }
    };

    it('are this machine, and the one that is named there as the default', async () => {
      for (const value of [undefined, '', '  '])
        assert.deepEqual(await fromEnv(value), [['local'], 'local', 1]);
      assert.deepEqual(await fromEnv(` ${url(1)} `), [['local', 'remote'], 'remote', 1]);
    });

    it('are none at all where that is said: this machine is not even made', async () => {
      for (const value of ['none', ' NONE ']) assert.deepEqual(await fromEnv(value), [[], undefined, 0]);
    });
  });
});
