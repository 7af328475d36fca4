import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, ready, rowWith, shows } from './support';
import { WireClient } from './wireClient';

describe('a start that came to nothing', () => {
  before(ready);
  beforeEach(async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
  });
  afterEach(cleanUp);

  it('refused for what no sandbox can be made of is a row with the reason and the way out', async () => {
    const { url } = await api.connection();
    const agent = await WireClient.connect(url, { clientName: 'Boxed', resumeSessionId: null });
    const sandbox = { permissions: { type: 'managed', network: 'restricted' } };
    await assert.rejects(agent.start('p', 'make world', { sandbox }), /permissions\.file_system/);
    const row = await rowWith('refused · make world', 'sandbox refused at', 'permissions.file_system');
    assert.equal(row.level, 2);
    await driver.screenshot('refused');
    assert.match(await driver.rowTooltip('make world'), /Nothing was run or changed/);
    await clickAction('make world', 'Copy What to Do');
    await eventually(
      async () => /^Retrying will not help/.test(await vscode.env.clipboard.readText()),
      'the way out on the clipboard',
    );
    await agent.start('q', 'exec sleep 1031');
    await rowWith('sleep 1031');
    await eventually(
      async () => (await driver.treeRows()).some(({ text }) => text.includes('Finished (1)')),
      'once it runs, the refusal is folded',
    );
    agent.close();
  });

  it('failed is a row of what has ended, whose terminal says why', async () => {
    await assert.rejects(api.start({ argv: ['/no/such/program'], clientName: 'Tester' }));
    await rowWith('not started · …/program', 'No such file or directory');
    await driver.pressRow('not started');
    await shows(/\[not started: No such file or directory \(os error 2\) — press any key/);
    assert.deepEqual(
      (await api.list()).map(({ state }) => state),
      ['unstarted'],
    );
  });
});
