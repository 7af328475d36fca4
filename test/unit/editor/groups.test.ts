import assert from 'node:assert/strict';
import { groupRows, type KnownClient } from '../../../src/editor/tree/groups';

describe('groups', () => {
  const client = (id: string, connected: boolean, since: number): KnownClient => ({
    id,
    name: `n${id}`,
    connected,
    since,
    endsAt: null,
  });
  const process = (id: string, owner: string, startedAt: number, environmentId: string | null = null) => ({
    id,
    startedAt,
    owner: { id: owner, name: owner },
    environmentId,
  });

  it('show who is connected or has rows, the latest first', () => {
    const rows = groupRows(
      [
        process('p1', 'a', 10),
        process('p2', 'a', 20),
        process('p3', 'a', 20),
        process('p4', 'extension:X', 50),
      ],
      [client('a', false, 5), client('b', true, 30), client('c', false, 40)],
    );
    assert.deepEqual(
      rows.map(({ id, connected, processes }) => [id, connected, processes.map(({ id }) => id).join()]),
      [
        ['extension:X', undefined, 'p4'],
        ['b', true, ''],
        ['a', false, 'p3,p2,p1'],
      ],
    );
  });

  it('what one starts in another environment has a row of its own', () => {
    const rows = groupRows([process('p1', 'extension:X', 1), process('p2', 'extension:X', 2, 'box')], []);
    assert.deepEqual(
      rows.map(({ name, place, processes }) => [name, place, processes.length]),
      [
        ['extension:X', 'box', 1],
        ['extension:X', null, 1],
      ],
    );
  });

  it('tell clients of one name apart, and no others', () => {
    const [one, two] = [client('a', true, 1), { ...client('b', true, 2), name: 'na' }];
    const alike = (clients: KnownClient[]): boolean[] => groupRows([], clients).map((row) => row.alike);
    assert.deepEqual(alike([one, client('c', true, 3)]), [false, false]);
    assert.deepEqual(alike([one, two, client('c', true, 3)]), [false, true, true]);
    const rows = groupRows([process('p', 'x', 1), process('q', 'x', 2, 'box')], []);
    assert.deepEqual(
      rows.map((row) => row.alike),
      [false, false],
      'the machine tells them apart',
    );
  });

  it('a session that the server has forgotten is disconnected, and keeps its rows', () => {
    const [row] = groupRows([process('p1', 'gone', 1)], []);
    assert.deepEqual([row?.name, row?.connected], ['gone', false]);
  });
});
