/** An agent that its file has connected, by the program that this names, while people use the switch of the server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

import { overLines } from '../../wire/lineSocket';
import { handshake, type Session } from '../../wire/session';
import { eventually } from '../host/driver';
import { cleanUp, ready, run } from './support';

describe('an agent that its file has connected', () => {
  let program: ReturnType<typeof spawn>;
  let session: Session;
  before(ready);
  beforeEach(async () => {
    const path = join(process.env['XDG_STATE_HOME'] ?? '', 'exec-server/bin/exec-server');
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? dirname(path);
    program = spawn(path, ['connect'], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = program;
    assert.ok(stdin && stdout);
    session = await handshake(overLines(stdout, stdin, () => program.kill()));
  });
  afterEach(async () => {
    const ended = once(program, 'exit');
    program.stdin?.end();
    assert.deepEqual(await ended, [0, null], 'the same program to the end');
    await cleanUp();
  });

  /** What is asked before the agent's program has seen the end is told of it. */
  const goesOn = async (word: string): Promise<void> => {
    const answer = (): Promise<string> =>
      session.text(`echo ${word}`).catch((error: unknown) => {
        assert.match(String(error), /What ran there has ended; what is asked next goes to the window/);
        return '';
      });
    await eventually(async () => (await answer()) === word, word);
  };

  it('goes on after Restart Server and after Renew Token', async () => {
    await goesOn('before');
    await run('restartServer');
    await goesOn('restarted');
    await run('newToken');
    await goesOn('renewed');
    await Promise.all([run('restartServer'), goesOn('meanwhile')]);
    await goesOn('again');
  });

  it('is told that a person has stopped the server, and goes on when that is started again', async () => {
    await run('stopServer');
    await assert.rejects(
      session.text('touch elsewhere'),
      /open, and its server is off\. "Exec Server: Start/,
    );
    await run('startServer');
    assert.equal(await session.text('echo started'), 'started');
  });
});
