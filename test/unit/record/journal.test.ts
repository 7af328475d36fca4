import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { earlierCommands, endedByCrash, Journal, type Deed, type Happening } from '../../../src/record';

const AGENT = { id: 'a', name: 'Codex' };
const ran = (row: string): Deed => ({ kind: 'ran', row, agent: AGENT, argv: ['make', row], cwd: '/x' });
const ended = (row: string): Deed => ({
  ...{ kind: 'ended', row, agent: AGENT, state: 'exited', exitCode: 0, signal: null, ms: 5 },
});

describe('the time-line on disk', () => {
  let folder = '';
  const troubles: string[] = [];
  const open = (limit = 1024 * 1024): Journal =>
    new Journal({ folder, limit: () => limit, onTrouble: (problem) => troubles.push(problem) });

  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'record-')), 'inner');
    troubles.length = 0;
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true }));

  it('keeps what was noted in its order, for this user only', async () => {
    const journal = open();
    for (let i = 0; i < 1000; i++) journal.note(ran(`p${i}`));
    const read = await journal.read();
    assert.deepEqual(
      read.map((one) => one.kind === 'ran' && one.row),
      Array.from({ length: 1000 }, (_, i) => `p${i}`),
    );
    assert.ok(read.every(({ window }) => window === journal.window));
    const [file = ''] = await readdir(folder);
    if (process.platform !== 'win32') {
      assert.equal((await stat(path.join(folder, file))).mode & 0o777, 0o600);
      assert.equal((await stat(folder)).mode & 0o777, 0o700);
    }
  });

  it('never has more than its bound, and loses the oldest', async () => {
    const journal = open(16 * 1024);
    for (let i = 0; i < 600; i++) {
      journal.note(ran(`p${i}`));
      if (i % 5 === 0) await journal.flushed();
    }
    const read = await journal.read();
    const sizes = (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size);
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    assert.ok(total <= 16 * 1024 * 1.25, `${total} bytes`);
    const rows = read.map((one) => (one.kind === 'ran' ? Number(one.row.slice(1)) : -1));
    assert.equal(rows.at(-1), 599);
    assert.deepEqual(
      rows,
      [...rows].sort((a, b) => a - b),
    );
    assert.ok(rows.length > 50);
  });

  it('keeps nothing with a bound of 0', async () => {
    const journal = open(0);
    journal.note(ran('p1'));
    assert.deepEqual(await journal.read(), []);
  });

  it('says once that the disk refuses, and goes on', async () => {
    await writeFile(folder, 'a file is here');
    const journal = open();
    journal.note(ran('p1'));
    await journal.flushed();
    journal.note(ran('p2'));
    await journal.flushed();
    assert.equal(troubles.length, 1);
    assert.match(troubles[0] ?? '', /What happens is not recorded: .*(EEXIST|ENOTDIR)/);
  });

  it('of a killed process has all that it was done with, and says what was ended', async () => {
    const script = `
      import { Journal } from ${JSON.stringify(path.resolve('src/record/index.ts'))};
      const journal = new Journal({ folder: ${JSON.stringify(folder)}, limit: () => 1e6, onTrouble: console.error });
      const agent = { id: 'a', name: 'Codex' };
      for (const row of ['p1', 'p2', 'p3']) journal.note({ kind: 'ran', row, agent, argv: ['make', row], cwd: '/' });
      journal.note({ kind: 'ended', row: 'p2', agent, state: 'exited', exitCode: 0, signal: null, ms: 5 });
      await journal.flushed();
      console.log('written');
      setInterval(() => undefined, 1000);`;
    const file = path.join(path.dirname(folder), 'child.mts');
    await writeFile(file, script);
    const child = spawn(process.execPath, [...process.execArgv, '--import', 'tsx', file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: process.cwd(),
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [name = ''] = await readdir(folder);
    await appendFile(path.join(folder, name), '{"at":"2026-01-01T00:00:00.000Z","kind":"ra');
    const journal = open();
    journal.note(ran('p1'));
    const happenings = await journal.read();
    const lives = (window: string): boolean => journal.lives(window);
    assert.deepEqual(
      endedByCrash(happenings, lives, journal.window).map(({ row }) => row),
      ['p3', 'p1'],
    );
    assert.deepEqual(
      earlierCommands(happenings, lives).map(({ row, end }) => [row, end?.exitCode]),
      [
        ['p3', undefined],
        ['p2', 0],
        ['p1', undefined],
      ],
    );
    journal.note({ kind: 'cleared' });
    assert.deepEqual(earlierCommands(await journal.read(), lives), []);
  });

  it('a crash is told by the first window that comes after it, and by no other', () => {
    const at = (window: string, ...deeds: Deed[]): Happening[] =>
      deeds.map((deed) => ({ at: '2026-01-01T00:00:00.000Z', window, ...deed }));
    const opened: Deed = { kind: 'opened' };
    const attached: Deed = { kind: 'attached' };
    const rowsFor = (current: string, ...happenings: Happening[]): string[] =>
      endedByCrash(happenings, (window) => window === current, current).map(({ row }) => row);
    const first = at('a', opened, ran('p1'));
    assert.deepEqual(rowsFor('b', ...first, ...at('b', opened)), ['p1']);
    assert.deepEqual(rowsFor('c', ...first, ...at('b', opened), ...at('c', opened)), []);
    // A server that was kept for several windows, the last of which saw its end.
    const kept = [
      ...at('a', opened),
      ...at('kept', attached, ran('k1')),
      ...at('b', opened),
      ...at('kept', attached),
    ];
    assert.deepEqual(rowsFor('c', ...kept, ...at('c', opened)), ['k1']);
    assert.deepEqual(rowsFor('d', ...kept, ...at('c', opened), ...at('d', opened)), []);
  });

  it('counts what the disk was too slow for, and goes on', async () => {
    const journal = open(16 * 1024 * 1024);
    const name = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 6; i++) journal.note(ran(name));
    await journal.flushed();
    journal.note(ran('after'));
    const read = await journal.read();
    const kinds = read.map((one) => (one.kind === 'missing' ? one.lines : one.kind));
    assert.deepEqual(kinds, ['ran', 5, 'ran']);
  });

  it('tells windows that are there from those that are gone, and of crashes the last', async () => {
    const journal = open();
    assert.equal(journal.lives(journal.window), true);
    assert.equal(journal.lives(`1764330000000-${process.ppid}`), true);
    const gone = await new Promise<number>((resolve) => {
      const child = spawn(process.execPath, ['-e', '']);
      child.once('exit', () => resolve(child.pid ?? 0));
    });
    assert.equal(journal.lives(`1764330000000-${gone}`), false);
    const at = (second: number, window: string) => ({ at: `2026-01-01T00:00:0${second}.000Z`, window });
    const happenings = [
      { ...ran('p1'), ...at(1, 'first') },
      { kind: 'opened', ...at(2, 'second') } as const,
      { ...ran('p2'), ...at(2, 'second') },
    ];
    const nothing = (): boolean => false;
    assert.deepEqual(
      endedByCrash(happenings, nothing, '').map(({ row }) => row),
      ['p2'],
    );
    const many = Array.from({ length: 300 }, (_, i) => ({ ...ran(`p${i}`), ...at(1, 'first') }));
    assert.deepEqual(
      earlierCommands(many, nothing)
        .filter((_, i, all) => i === 0 || i === all.length - 1)
        .map(({ row }) => row),
      ['p299', 'p100'],
    );
  });

  it('puts the lines of windows that were open at the same time in the order of what happened', async () => {
    const line = (second: number, row: string): string =>
      `${JSON.stringify({ ...ran(row), at: `2026-01-01T00:00:0${second}.000Z`, window: 'w' })}\n`;
    await mkdir(folder);
    await writeFile(path.join(folder, '1700000000000-1-0.jsonl'), line(1, 'p1') + line(4, 'p4'));
    await writeFile(
      path.join(folder, '1700000000001-2-0.jsonl'),
      line(2, 'p2') + line(3, 'p3') + 'no JSON\n[1]\n',
    );
    await writeFile(path.join(folder, 'of somebody else.jsonl'), line(5, 'p5'));
    const rows = (await open().read()).map((one) => one.kind === 'ran' && one.row);
    assert.deepEqual(rows, ['p1', 'p2', 'p3', 'p4']);
  });

  it('what a window ended before it closed is no crash', async () => {
    const first = open();
    first.note(ran('p1'));
    first.note(ended('p1'));
    first.note({ kind: 'closed' });
    const happenings = await first.read();
    const gone = (): boolean => false;
    assert.deepEqual(endedByCrash(happenings, gone, ''), []);
    assert.equal(earlierCommands(happenings, gone)[0]?.end?.exitCode, 0);
  });
});
