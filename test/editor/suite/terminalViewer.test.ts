import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, output, ready, run, shows } from './support';
import { WireClient } from './wireClient';

/** Tells its size again and again. */
const SIZES = 'while :; do stty size; sleep 0.1; done';
/** Asks where the cursor is whenever the file is there, and tells what it was told. */
const ASKS =
  'stty raw -echo; while :; do printf "\\033[6n"; IFS= read -r -d R -t 5 x; printf "<%q>" "$x"; sleep 1; done';

const lastLine = (text: string): string => text.trim().split(/\r?\n/).at(-1) ?? '';

describe('an agent’s terminal that somebody looks at', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

  const sizeIs = (processId: string, wanted: (size: string) => boolean, what: string): Promise<unknown> =>
    eventually(async () => wanted(lastLine(await output(processId))), what);

  it('has the size of the pane, and its own again when the tab is closed', async () => {
    const { processId } = await api.start({ command: SIZES, tty: true });
    await sizeIs(processId, (size) => size === '24 80', 'the usual size');
    await run('process.open', processId);
    await sizeIs(processId, (size) => size !== '24 80', 'the pane’s size');
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await sizeIs(processId, (size) => size === '24 80', 'the agent’s size again');
  });

  it('keeps what the agent asked for, until a person types', async () => {
    const { url } = await api.connection();
    const client = await WireClient.connect(url, {
      clientInfo: { name: 'sizes', version: '1' },
      capabilities: { experimentalApi: true },
    });
    const spawn = { processHandle: 'wide', command: ['sh', '-c', SIZES], cwd: '/', tty: true };
    await client.request('process/spawn', { ...spawn, size: { rows: 50, cols: 200 }, timeoutMs: null });
    const id = (await api.list()).find(({ client: { name } }) => name === 'sizes')?.processId ?? '';
    await sizeIs(id, (size) => size === '50 200', 'its size');
    await run('process.open', id);
    await shows(/50 200/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(lastLine(await output(id)), '50 200');
    await driver.typeInTerminal('x');
    await sizeIs(id, (size) => /^\d+ \d+$/.test(size) && size !== '50 200', 'the pane’s size');
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await sizeIs(id, (size) => size === '50 200', 'the agent’s size again');
    client.close();
  });

  it('with more lines than the panel has goes on below what it has written', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lines-'));
    const { url } = await api.connection();
    const client = await WireClient.connect(url, {
      clientInfo: { name: 'lines', version: '1' },
      capabilities: { experimentalApi: true },
    });
    const script = 'echo one; until [ -e go ]; do sleep 0.1; done; echo two; sleep 1000';
    const spawn = { processHandle: 'tall', command: ['sh', '-c', script], cwd: folder, tty: true };
    await client.request('process/spawn', { ...spawn, size: { rows: 50, cols: 200 }, timeoutMs: null });
    const id = (await api.list()).find(({ client: { name } }) => name === 'lines')?.processId ?? '';
    await eventually(async () => (await output(id)).includes('one'), 'the first line');
    await run('process.open', id);
    await shows(/^one$/m);
    writeFileSync(path.join(folder, 'go'), '');
    assert.match(await shows(/^two$/m), /^one\ntwo$/m);
    client.close();
    rmSync(folder, { recursive: true });
  });

  it('answers each question once, whoever looks', async () => {
    const { processId } = await api.start({ command: `bash -c '${ASKS}'`, tty: true });
    const told = async (): Promise<string[]> =>
      [...(await output(processId)).matchAll(/<([^>]*)>/g)].map(([, x]) => x ?? '');
    await eventually(async () => (await told()).length >= 2, 'answers with nobody there');
    assert.ok(
      (await told()).every((x) => x.includes('[1;1')),
      String(await told()),
    );
    await run('process.open', processId);
    await eventually(async () => (await told()).some((x) => !x.includes('[1;1')), 'an answer of the pane');
    const before = (await told()).length;
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await eventually(async () => (await told()).length >= before + 2, 'answers with nobody there again');
    const all = await told();
    assert.match(all.at(-1) ?? '', /\[1;1/);
    // None was in vain, and none brought two.
    assert.ok(
      all.every((x) => /^\$'\\E\[\d+;\d+'$/.test(x)),
      String(all),
    );
  });
});
