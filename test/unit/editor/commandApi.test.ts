import assert from 'node:assert/strict';
import { commandApi, type CommandHost } from '../../../src/agents/commandApi';

describe('commands for other extensions, without an editor', () => {
  const host = (assertAllowed: () => void): CommandHost => ({
    table: { get: () => undefined, list: () => [] },
    place: async (environment) => {
      if (environment !== undefined) throw new Error(`there is no environment "${environment}"`);
      return {
        start: () => assert.fail('nothing may be started'),
        defaultCwd: '/',
        isAbsolute: (path) => path.startsWith('/'),
        shell: ['/bin/sh', '-c'],
      };
    },
    connection: () => assert.fail('no connection'),
    assertAllowed,
  });

  it('all refuse, in words, where nothing may be run', async () => {
    const api = commandApi(
      host(() => {
        throw new Error('not in an untrusted workspace');
      }),
    );
    assert.deepEqual(
      Object.keys(api).map((name) => name.replace('execServer.', '')),
      ['getConnection', 'start', 'read', 'write', 'terminate', 'list'],
    );
    for (const run of Object.values(api)) await assert.rejects(run({ command: 'true' }), /untrusted/);
  });

  it('errors name the command and the member', async () => {
    const api = commandApi(host(() => undefined));
    const refused = async (name: string, args: unknown, words: string): Promise<void> => {
      await assert.rejects(api[name]?.(args) ?? assert.fail(), (error: Error) => {
        assert.ok(error.message.startsWith(`${name}: `) && error.message.includes(words), error.message);
        return true;
      });
    };
    await refused('execServer.start', 'npm test', 'one object with command, argv');
    await refused('execServer.start', { command: 'x', argv: ['x'] }, 'either "command"');
    await refused('execServer.start', { argv: ['a\0b'] }, '"argv.0"');
    await refused('execServer.start', { command: 'x', env: { 'A=B': '' } }, 'contains "="');
    await refused('execServer.start', { command: 'x', cwd: 'here' }, '"cwd": must be an absolute path');
    await refused('execServer.start', { command: 'x', environment: 'box' }, '"environment": there is no');
    await refused('execServer.read', {}, '"processId"');
    await refused('execServer.read', { processId: 'p1', maxBytes: 0 }, '"maxBytes"');
    await refused('execServer.write', { processId: 'p1', dataBase64: '*' }, '"dataBase64"');
    await refused('execServer.list', { all: true }, '"all"');
  });
});
