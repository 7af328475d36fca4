import assert from 'node:assert/strict';
import { describeEnvironment } from '../../../src/server';
import { SURROUNDINGS } from './fakes';
import { unixShell, windowsShell } from '../../../src/server/environmentInfo';

const has =
  (...paths: string[]) =>
  (path: string): Promise<boolean> =>
    Promise.resolve(paths.includes(path));

describe('environmentInfo', () => {
  it('names the shell of the person where clients know it', async () => {
    const all = has('/opt/zsh', '/bin/bash', '/bin/sh');
    assert.deepEqual(await unixShell({ SHELL: '/opt/zsh' }, all), { name: 'zsh', path: '/opt/zsh' });
    assert.deepEqual(await unixShell({ SHELL: '/bin/sh' }, all), { name: 'sh', path: '/bin/sh' });
  });

  it('gives bash, else sh, where clients do not know it or it is not there', async () => {
    const fish = { SHELL: '/usr/bin/fish', PATH: 'rel:/nix/bin' };
    assert.deepEqual(await unixShell(fish, has('/usr/bin/fish', '/bin/bash', '/bin/sh')), {
      name: 'bash',
      path: '/bin/bash',
    });
    assert.deepEqual(await unixShell(fish, has('/nix/bin/bash', '/bin/sh')), {
      name: 'bash',
      path: '/nix/bin/bash',
    });
    assert.deepEqual(await unixShell(fish, has('/bin/sh')), { name: 'sh', path: '/bin/sh' });
    assert.deepEqual(await unixShell({ SHELL: '/gone/zsh' }, has('/bin/sh')), {
      name: 'sh',
      path: '/bin/sh',
    });
    assert.deepEqual(await unixShell({}, has()), { name: 'sh', path: '/bin/sh' });
  });

  it('gives PowerShell, else cmd, on Windows', async () => {
    const path = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
    assert.deepEqual(await windowsShell({}, has(path)), { name: 'powershell', path });
    assert.deepEqual(await windowsShell({ ComSpec: 'D:\\cmd.exe' }, has()), {
      name: 'cmd',
      path: 'D:\\cmd.exe',
    });
  });

  it('writes folders as URIs and announces what is there', () => {
    const info = describeEnvironment({
      cwd: '/a b',
      executorVersion: '1.2.3',
      surroundings: SURROUNDINGS,
      platform: 'linux',
    });
    assert.equal(info.cwd, 'file:///a%20b');
    assert.equal(info.platformOs, 'linux');
    assert.equal(info.executorVersion, '1.2.3');
    assert.match(info.userHomeDir, /^file:\/\//);
    assert.match(info.tempDir, /^file:\/\//);
    assert.deepEqual(Object.keys(info.capabilities ?? {}), [
      'fsWatchMissing',
      'httpHeaderEnvVars',
      'fileWriteStreaming',
      'processLifetime',
      'processLabel',
      'processMembers',
      'processGraceful',
      'needsInput',
      'atPrompt',
      'processMergeStderr',
      'processSendSignal',
      'processPorts',
    ]);
  });
});
