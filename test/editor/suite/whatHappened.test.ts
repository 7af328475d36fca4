import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, exited, output, ready, run, shows } from './support';
import { WireClient } from './wireClient';

interface Line {
  readonly kind: string;
  readonly at: string;
  readonly row?: string;
  readonly bytes?: number;
  readonly by?: string;
  readonly path?: string;
  readonly agent?: { readonly name: string };
}

describe('what happened', () => {
  let folder = '';
  before(ready);
  before(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'happened-'))));
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);
  after(() => rm(folder, { recursive: true }));

  /** The time-line as it is exported. */
  const exported = async (): Promise<Line[]> => {
    const file = path.join(folder, 'out.jsonl');
    await run('exportWhatHappened', vscode.Uri.file(file));
    const text = await readFile(file, 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  };

  it('is exported as it was done: ran, typed by whom, killed, read and wrote, and never what was in it', async () => {
    const { processId } = await api.start({
      command: 'while read -r line; do echo "got <$line>"; done',
      tty: true,
      clientName: 'Tester',
      env: { TOKEN: 'valueOfTheEnvironment' },
    });
    await api.write({ processId, data: 'typedByTheAgent\r' });
    await run('process.open', processId);
    await shows(/got <typedByTheAgent>/);
    await driver.typeInTerminal('typedByMe');
    await eventually(async () => (await output(processId)).includes('got <typedByMe>'), 'my line');
    await run('process.giveBack', processId);
    await run('process.kill', processId);
    await exited(processId);
    const { url, baseUrl } = await api.connection();
    const client = await WireClient.connect(url, { clientName: 'Filer' });
    const target = path.join(folder, 'written.txt');
    const uri = vscode.Uri.file(target).toString();
    const dataBase64 = Buffer.from('contentOfTheFile').toString('base64');
    await client.request('fs/writeFile', { path: uri, dataBase64 });
    await client.request('fs/readFile', { path: uri });
    client.close();
    await fetch(`${baseUrl.replace('ws:', 'http:').replace(/\/$/, '')}/wrong`);
    const lines = await eventually(async () => {
      const all = await exported();
      return all.some(({ kind }) => kind === 'turnedAway') && all;
    }, 'the one who was turned away');
    const mine = lines.filter((line) => line.row === processId && line.kind !== 'typed');
    assert.deepEqual(
      mine.slice(-4).map(({ kind, by, agent }) => [kind, by, agent?.name]),
      [
        ['ran', undefined, 'Tester'],
        ['tookKeyboard', undefined, 'Tester'],
        ['gaveBack', undefined, 'Tester'],
        ['ended', 'person', 'Tester'],
      ],
    );
    const typed = (by: string): number =>
      lines
        .filter((line) => line.row === processId && line.kind === 'typed' && line.by === by)
        .reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    assert.deepEqual([typed('agent'), typed('person')], [16, 10]);
    const files = lines.filter(({ agent }) => agent?.name === 'Filer');
    assert.deepEqual(
      files.filter((line) => line.path === target).map(({ kind }) => kind),
      ['wrote', 'read'],
    );
    assert.ok(files.some(({ kind }) => kind === 'connected'));
    const all = JSON.stringify(lines);
    for (const inner of ['typedByTheAgent', 'typedByMe', 'valueOfTheEnvironment', 'contentOfTheFile'])
      assert.ok(!all.includes(inner), inner);
  });

  it('is a list that is filtered by what is typed, and jumps to the row', async () => {
    const missing = { argv: ['/no/such/program'], clientName: 'Jumper' };
    await assert.rejects(api.start(missing));
    const { processId } = await api.start({ command: 'sleep 1031', tty: true, clientName: 'Jumper' });
    await api.start({ command: 'sleep 1032', tty: true, clientName: 'Other' });
    void run('showWhatHappened');
    await eventually(
      // The time first: behind a long command it would be cut off.
      async () =>
        (await driver.quickPickRows()).some((row) => /^[\d:]+ [AP]M · Jumper ran sleep 1031/.test(row)),
      'the list',
    );
    const rows = (await driver.quickPickRows()).join('\n');
    // Nobody has refused it.
    assert.match(rows, /Jumper could not start \S*program/);
    await driver.screenshot('what-happened');
    await driver.answer('Jumper ran');
    await shows(/sleep 1031/);
    await api.terminate({ processId, force: true });
  });

  it('says that it has nothing of a row of which there is nothing', async () => {
    await run('showWhatHappened', 'p999999');
    await eventually(
      async () => (await driver.notifications()).some((text) => text.includes('Nothing has happened yet')),
      'a sentence',
    );
  });
});
