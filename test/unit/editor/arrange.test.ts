import assert from 'node:assert/strict';
import { passes, type Filter } from '../../../src/editor/tree/filter';
import { groupByPlace } from '../../../src/editor/tree/groups';
import { arrange, type Arranged } from '../../../src/editor/tree/arrange';

const NEVER = (): boolean => false;

function row(id: string, startedAt: number, more: Partial<Arranged> = {}): Arranged {
  return {
    id,
    startedAt,
    endedAt: null,
    closed: false,
    state: 'running',
    exitCode: null,
    spec: { argv: [id], cwd: '/' },
    ...more,
  };
}
const ended = (id: string, startedAt: number, argv: string[], more: Partial<Arranged> = {}): Arranged =>
  row(id, startedAt, {
    endedAt: startedAt + 100,
    closed: true,
    state: 'exited',
    exitCode: 0,
    spec: { argv, cwd: '/' },
    ...more,
  });

const keysOf = (processes: readonly Arranged[], stays = NEVER): [string, string] => {
  const { live, finished } = arrange(processes, stays);
  return [
    live.map(({ id }) => id).join(),
    finished.map((repeats) => repeats.map(({ id }) => id).join('+')).join(),
  ];
};

describe('the order of rows', () => {
  it('is what runs, the oldest first, then what has ended, the latest first', () => {
    assert.deepEqual(
      keysOf([row('b', 2), ended('c', 3, ['x']), row('a', 1), ended('d', 4, ['y']), row('e', 5)]),
      ['a,b,e', 'd,c'],
    );
  });

  it('leaves what still has children among what runs', () => {
    assert.deepEqual(keysOf([row('a', 1, { endedAt: 2, state: 'exited', exitCode: 0 })]), ['a', '']);
  });

  it('leaves what is lost among what runs, where it can be reconnected', () => {
    assert.deepEqual(keysOf([ended('a', 1, ['x'], { state: 'lost', exitCode: -1 })]), ['a', '']);
  });

  it('leaves what was killed among what runs, until nothing of it is left and nobody tries to end that', () => {
    const killed = (done: boolean, left: number): [string, string] =>
      keysOf([ended('a', 1, ['x'], { state: 'killed', stopReport: { done, left: Array(left).fill({}) } })]);
    assert.deepEqual(
      [killed(false, 0), killed(true, 1), killed(false, 1), killed(true, 0)],
      [
        ['a', ''],
        ['a', ''],
        ['a', ''],
        ['', 'a'],
      ],
    );
  });

  it('leaves what stays where it is', () => {
    const processes = [ended('a', 1, ['x']), row('b', 2)];
    const { live } = arrange(processes, ({ id }) => id === 'a');
    assert.deepEqual(live.map(({ id }) => id).join(), 'a,b');
  });

  it('makes one of equal short commands with equal ends, where the latest of them is', () => {
    const git = ['git', 'status'];
    assert.deepEqual(
      keysOf([
        ended('a', 1, git),
        ended('b', 2, ['ls']),
        ended('c', 3, git),
        ended('d', 4, git, { exitCode: 1 }),
        ended('e', 5, git, { spec: { argv: git, cwd: '/other' } }),
        ended('f', 6, git, { endedAt: 60_000 }),
        ended('g', 7, git, { endedAt: 60_000 }),
      ])[1],
      'g,f,e,d,c+a,b',
    );
  });
});

describe('which rows are shown', () => {
  const process = {
    closed: true,
    state: 'exited',
    exitCode: 1,
    owner: { name: 'Codex' },
    environmentId: 'box',
    spec: { argv: ['npm', 'test'], cwd: '/home/me/shop' },
  };
  const shows = (filter: Partial<Filter>, more: object = {}): boolean =>
    passes({ ...process, ...more }, { text: '', only: 'all', ...filter });

  it('is told by words of the command, the folder, the agent and the environment', () => {
    for (const text of ['', 'NPM', 'test shop', 'codex box']) assert.ok(shows({ text }), text);
    assert.ok(!shows({ text: 'npm build' }));
  });

  it('is told by how they stand', () => {
    assert.deepEqual([shows({ only: 'running' }), shows({ only: 'failed' })], [false, true]);
    const running = { closed: false, state: 'running', exitCode: null };
    assert.deepEqual(
      [shows({ only: 'running' }, running), shows({ only: 'failed' }, running)],
      [true, false],
    );
    assert.ok(!shows({ only: 'failed' }, { exitCode: 0 }));
  });

  it('under folders, one row for each of each machine; under machines; in one list', () => {
    const at = (id: string, cwd: string, environmentId: string | null = null) => ({
      ...row(id, 1, { spec: { argv: ['x'], cwd } }),
      owner: { id: 'o', name: 'o' },
      environmentId,
    });
    const all = [at('a', '/b'), at('c', '/a'), at('d', '/b'), at('e', '/b', 'box')];
    const keys = (grouping: 'folder' | 'machine' | 'none'): string[] =>
      groupByPlace(all, grouping).map(({ processes }) => processes.map(({ id }) => id).join());
    assert.deepEqual(keys('folder'), ['c', 'e', 'a,d']);
    assert.deepEqual(keys('machine'), ['a,c,d', 'e']);
    assert.deepEqual(keys('none'), ['a,c,d,e']);
  });
});
