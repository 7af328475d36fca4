import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { listeningPorts } from '../../../src/process/observe/listening';
import { openShell, place, row, setEnvironments, VIEW } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { api, cleanUp, node, output, ready, run, shows } from './support';

const FAR = 'far-facts';
/** One that ends when asked, and one that does not; then the port where it listens. */
const SCRIPT = `const { spawn } = require('child_process');
  spawn('sleep', ['1061']);
  spawn('sh', ['-c', 'trap "" TERM; echo deaf; exec sleep 1062'], { stdio: 'inherit' });
  process.on('SIGUSR2', () => console.log('caught'));
  process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
  require('http').createServer((request, response) => {
    response.end('far page'); }).listen(0, '127.0.0.1', function () {
    console.log('port ' + this.address().port, 'pid ' + process.pid); })`;

describe('what runs on another machine', () => {
  before(async function () {
    needsDriver(this);
    await ready();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
    await setEnvironments([{ id: FAR, ...cliCommand('--listen', 'stdio') }]);
    await place(FAR, 'not connected');
  });
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
  });

  it('is shown as what runs here: numbers, family, use, ports; a kill asks first and tells what came of it', async () => {
    const { argv, env } = node(SCRIPT);
    const { processId } = await api.start({ argv, env, environment: FAR, clientName: 'Tester' });
    const said = await eventually(async () => {
      const text = await output(processId);
      return text.includes('deaf') && /port \d+ pid \d+/.test(text) && text;
    }, 'it is up');
    const [, port = '', pid = ''] = /port (\d+) pid (\d+)/.exec(said) ?? [];
    await row('child_process', 'since');
    const tooltip = await eventually(async () => {
      const text = await driver.rowTooltip('child_process');
      return text.includes('Listens on') && text;
    }, 'the tooltip');
    assert.match(tooltip, new RegExp(`Process ${pid} · without a terminal`));
    assert.match(tooltip, new RegExp(`Uses \\d+ % CPU · [\\d.]+ MiB · 3 processes`));
    assert.match(tooltip, new RegExp(`Listens on ${port} there`));

    await driver.pressRow('child_process');
    await driver.pressKey('ArrowRight');
    await row('sleep 1061', '% CPU', 'iB');
    await row(pid, '% CPU');
    await run('process.copyPid', processId);
    assert.equal(await vscode.env.clipboard.readText(), pid);

    const own = (): number[] => listeningPorts([process.pid]).map((one) => one.port);
    const before = own();
    void run('process.openInBrowser', processId);
    const way = await eventually(() => own().find((one) => !before.includes(one)), 'a port that leads there');
    const page = async (): Promise<string> => (await fetch(`http://127.0.0.1:${way}`)).text();
    assert.equal(await page(), 'far page');

    void run('process.sendSignal', processId);
    await eventually(async () => (await driver.quickPickRows()).length > 5, 'the signals');
    await driver.quickPick('SIGUSR2');
    await eventually(async () => (await driver.quickPickRows()).some((one) => one.includes(pid)), 'who');
    await driver.quickPick(
      (await driver.quickPickRows()).find((one) => one.includes(pid))?.slice(0, 20) ?? '',
    );
    await eventually(async () => (await output(processId)).includes('caught'), 'the signal');

    await run('process.open', processId);
    await shows(/deaf/);
    void run('process.kill', processId);
    await row('stopping · 3 asked, 1 left');
    await shows(/bye[^]*\[killed by you after .*: 3 ended, 1 by force — press any key/);
    await assert.rejects(page(), 'nothing leads there any more');
  });

  it('a shell there is at its prompt, until it is told to do something', async () => {
    await openShell(FAR);
    await row('Shell', 'at its prompt');
    await driver.typeInTerminal('sleep 1065');
    await eventually(
      async () => !(await driver.treeRows('Exec Server')).some(({ text }) => text.includes('at its prompt')),
      'it is busy',
    );
  });
});
