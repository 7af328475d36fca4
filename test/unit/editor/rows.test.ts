import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  clientContext,
  clientLabel,
  processContext,
  rowDescription,
  STANDING_ICONS,
  standing,
  type ProcessFacts,
  type RowWords,
} from '../../../src/editor/tree/describe';
import { environmentContext, FAULTY_CONTEXT } from '../../../src/editor/environments/describe';
import { groupRows, type KnownClient } from '../../../src/editor/tree/groups';

const WORDS: RowWords = {
  running: (time) => `running ${time}`,
  stopping: (time) => `stopping · ${time}`,
  exit: (code, time) => `exit ${code} · ${time}`,
  killed: (time) => `killed · ${time}`,
  lost: () => 'lost',
  held: (description) => `${description} · children run`,
};

const RUNNING: ProcessFacts = {
  state: 'running',
  exitCode: null,
  startedAt: 1000,
  endedAt: null,
  tty: false,
  stdinOpen: false,
  closed: false,
  stopping: false,
  dialect: 'exec-server',
};
const ended = { endedAt: 4000, closed: true } as const;
const FACTS: ProcessFacts[] = [
  RUNNING,
  { ...RUNNING, stopping: true, tty: true, stdinOpen: true },
  { ...RUNNING, ...ended, state: 'exited', exitCode: 0 },
  { ...RUNNING, ...ended, state: 'exited', exitCode: 1, tty: true },
  { ...RUNNING, ...ended, state: 'killed', exitCode: 143, stopping: true },
  { ...RUNNING, ...ended, state: 'lost', exitCode: -1 },
  { ...RUNNING, ...ended, state: 'exited', exitCode: 0, closed: false },
];

describe('rows', () => {
  it('say how a process stands', () => {
    assert.deepEqual(
      FACTS.map((facts) => rowDescription(facts, 13_000, WORDS)),
      [
        'running 12 s',
        'stopping · 12 s',
        'exit 0 · 3 s',
        'exit 1 · 3 s',
        'killed · 3 s',
        'lost',
        'exit 0 · 3 s · children run',
      ],
    );
  });

  it('say the dialect if it is not the usual one', () => {
    const words = (dialect: string | undefined): string =>
      rowDescription({ ...RUNNING, dialect }, 13_000, WORDS);
    assert.equal(words(undefined), 'running 12 s');
    assert.equal(words('app-server'), 'running 12 s · app-server');
  });

  it('have another icon for each standing, so that colour is not the only sign', () => {
    const icons = Object.values(STANDING_ICONS).map(([icon]) => icon);
    assert.equal(new Set(icons).size, icons.length);
    for (const facts of FACTS) assert.ok(STANDING_ICONS[standing(facts)]);
  });

  it('know the agents that name themselves for machines', () => {
    assert.equal(clientLabel('codex-environment'), 'Codex');
    assert.equal(clientLabel('someone'), 'someone');
    assert.equal(clientLabel('constructor'), 'constructor');
  });
});

describe('the grammar of contextValue', () => {
  const values = [
    ...FACTS.map((facts) => processContext(facts)),
    processContext(FACTS[5]!, true),
    ...[true, false].flatMap((connected) => [true, false].map((busy) => clientContext(connected, busy))),
    clientContext(true, true, true),
    ...(['disconnected', 'connecting', 'connected', 'reconnecting', 'lost'] as const).flatMap((state) => [
      environmentContext({ kind: 'url', state }),
      environmentContext({ kind: 'command', state }),
    ]),
    environmentContext({ kind: 'local', state: 'connected' }),
    FAULTY_CONTEXT,
  ];
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: {
      menus: Record<string, { command: string; when: string }[]>;
      commands: { command: string }[];
    };
  };
  const items = manifest.contributes.menus['view/item/context'] ?? [];
  const regexOf = (when: string): RegExp =>
    new RegExp(/viewItem =~ \/(.*)\/$/.exec(when)?.[1] ?? assert.fail(when));

  it('is what the documentation says', () => {
    assert.deepEqual(values, [
      'process.running.pipe',
      'process.stopping.tty.stdin',
      'process.ok.pipe',
      'process.failed.tty',
      'process.killed.pipe',
      'process.lost.pipe',
      'process.ok.pipe.held',
      'process.lost.pipe.away',
      'client.connected.busy',
      'client.connected',
      'client.disconnected.busy',
      'client.disconnected',
      'client.connected.away.busy',
      'environment.url.disconnected',
      'environment.command.disconnected',
      'environment.url.connecting',
      'environment.command.connecting',
      'environment.url.connected',
      'environment.command.connected',
      'environment.url.reconnecting',
      'environment.command.reconnecting',
      'environment.url.lost',
      'environment.command.lost',
      'environment.local',
      'environment.faulty',
    ]);
  });

  for (const { command, when } of items) {
    it(`${command}: ${when} matches something, and not everything`, () => {
      const matching = values.filter((value) => regexOf(when).test(value));
      assert.ok(matching.length > 0 && matching.length < values.length);
    });
  }

  it('Kill is offered for exactly what can be stopped', () => {
    const kill = items.find(({ command }) => command === 'execServer.process.kill') ?? assert.fail();
    assert.deepEqual(
      values.filter((value) => regexOf(kill.when).test(value)),
      ['process.running.pipe', 'process.stopping.tty.stdin', 'process.ok.pipe.held'],
    );
  });

  it('every command in a menu is declared', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const menu of Object.values(manifest.contributes.menus)) {
      for (const { command } of menu) assert.ok(declared.has(command), command);
    }
  });

  it('every %key% of the manifest has its text, and no text is left over', () => {
    const keys = new Set(
      [...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key),
    );
    const texts = Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8')) as object);
    assert.deepEqual([...keys].sort(), texts.sort());
  });
});

describe('groups', () => {
  const client = (id: string, connected: boolean, since: number): KnownClient => ({
    id,
    name: `n${id}`,
    connected,
    since,
  });
  const process = (key: string, owner: string, startedAt: number, place: string | null = null) => ({
    key,
    startedAt,
    owner: { id: owner, name: owner },
    place,
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
      rows.map(({ id, connected, processes }) => [id, connected, processes.map(({ key }) => key).join()]),
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

  it('a session that the server has forgotten is disconnected, and keeps its rows', () => {
    const [row] = groupRows([process('p1', 'gone', 1)], []);
    assert.deepEqual([row?.name, row?.connected], ['gone', false]);
  });
});
