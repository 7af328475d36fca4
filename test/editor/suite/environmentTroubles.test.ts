import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { closedPort, echo, mute, web, webSocket, type Bad } from '../../clients/badServers';
import { driver, eventually, needsDriver } from '../host/driver';
import { forgetNotices, notified, place, setEnvironments, VIEW, welcomed } from './environmentSupport';
import { cliCommand } from './remoteServer';
import { api, cleanUp, output, ready, run } from './support';

const GOOD = 'good';
const shell = (script: string): object => ({ program: '/bin/sh', args: ['-c', script] });

/** What people enter by mistake: the entry, and what is said beside its name and what was tried. */
const WRONG: Record<string, { server?: () => Promise<Bad>; entry: (port: number) => object; says: string }> =
  {
    nobody: {
      server: closedPort,
      entry: (port) => ({ url: `ws://127.0.0.1:${port}` }),
      says: 'nothing listens there (connection refused). Start the exec-server, or correct the port',
    },
    web: {
      server: () => web(404),
      entry: (port) => ({ url: `ws://127.0.0.1:${port}` }),
      says: 'it is no exec-server, or the path of the URL is wrong',
    },
    tcp: {
      server: echo,
      entry: (port) => ({ url: `ws://127.0.0.1:${port}` }),
      says: 'it does not answer as a WebSocket server',
    },
    parrot: {
      server: () => webSocket((text, socket) => socket.send(text)),
      entry: (port) => ({ url: `ws://127.0.0.1:${port}` }),
      says: 'it sends back what it is sent: it is no exec-server. Correct the URL or the command',
    },
    typo: {
      entry: () => ({ program: 'no-such-program' }),
      says: 'there is no program “no-such-program” on this machine',
    },
    brief: {
      entry: () => shell('echo no route to box >&2; exit 255'),
      says: 'the program ended with status 255; the last it said was “no route to box”',
    },
    babble: {
      entry: () => shell('exec yes nonsense'),
      says: 'which is no message of an exec-server. Correct the URL or the command',
    },
  };

describe('environments that are none', () => {
  const good = { id: GOOD, ...cliCommand('--listen', 'stdio') };
  let server: Bad | undefined;

  before(async function () {
    needsDriver(this);
    await ready();
    await driver.openView('Exec Server');
    await driver.openPane(VIEW);
  });
  afterEach(async () => {
    server?.close();
    await forgetNotices();
  });
  after(async () => {
    await setEnvironments(undefined);
    await cleanUp();
  });

  it('one that never answers is connecting; it holds nobody up, and can be given up', async () => {
    server = await mute();
    await setEnvironments([good, { id: 'mute', url: `ws://127.0.0.1:${server.port}` }]);
    await place('mute', 'not connected');
    void run('environment.connect', 'mute');
    await place('mute', 'connecting');
    const { processId } = await api.start({ command: 'echo here', environment: GOOD });
    await eventually(async () => (await output(processId)).includes('here'), 'the good one answers');
    await run('environment.disconnect', 'mute');
    await place('mute', 'not connected');
  });

  for (const [id, { server: listen, entry, says }] of Object.entries(WRONG)) {
    it(`${id}: a sentence with its name and the way out; the others go on`, async () => {
      server = await listen?.();
      await setEnvironments([good, { id, ...entry(server?.port ?? 0) }]);
      await place(id, 'not connected');
      void run('environment.connect', id);
      const notice = await notified(says);
      assert.match(notice, new RegExp(`environment "${id}": cannot connect to (ws://127|the command “)`));
      for (const button of ['Try Again', 'Show Log']) assert.ok(notice.includes(button), button);
      assert.ok((await place(id, 'not connected')).label.includes(says), 'the row says it, to who listens');
      // Nothing runs on this machine instead.
      const before = (await api.list()).length;
      await assert.rejects(api.start({ command: 'true', environment: id }), new RegExp(`"${id}"`));
      assert.equal((await api.list()).length, before);
      await place(GOOD, 'connected');
    });
  }
});

describe('a workspace with environments of its own', () => {
  it('names no machine and no program', async function () {
    needsDriver(this);
    await welcomed();
    const folder = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail(), '.vscode');
    const settings = {
      'execServer.environments': [{ id: 'trap', program: '/bin/true' }],
      'execServer.reveal': 'onError',
    };
    mkdirSync(folder);
    try {
      writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
      const reveal = (): unknown => vscode.workspace.getConfiguration('execServer').get('reveal');
      await eventually(() => reveal() === 'onError', 'the settings of the workspace count');
      await assert.rejects(
        api.start({ command: 'true', environment: 'trap' }),
        /there is no environment "trap"/,
      );
      await welcomed();
    } finally {
      rmSync(folder, { recursive: true });
    }
    await eventually(
      () => vscode.workspace.getConfiguration('execServer').get('reveal') === 'never',
      'all as before',
    );
  });
});
