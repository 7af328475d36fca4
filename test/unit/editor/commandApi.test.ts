import assert from 'node:assert/strict';
import { commandApi, type CommandHost } from '../../../src/agents/commandApi';

describe('commands for other extensions, without an editor', () => {
  const host = (assertAllowed: () => void): CommandHost => ({
    hub: {
      get: () => undefined,
      list: () => [],
      stop: () => assert.fail('nothing may be stopped'),
      place: async (environment) => {
        if (environment !== undefined) throw new Error(`there is no environment "${environment}"`);
        return {
          id: 'local',
          start: () => assert.fail('nothing may be started'),
          folder: '/',
          isAbsolute: (path) => path.startsWith('/'),
          shell: '/bin/sh',
          commandShell: ['/bin/sh', '-c'],
        };
      },
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
    const api: Record<string, (input?: unknown) => Promise<unknown>> = commandApi(host(() => undefined));
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

  it('arguments of 10 MB are refused in words that name the member and the bound', async () => {
    const api: Record<string, (input?: unknown) => Promise<unknown>> = commandApi(host(() => undefined));
    const large = 'A'.repeat(10_000_000);
    const refused = async (name: string, args: unknown, words: RegExp): Promise<void> => {
      await assert.rejects(api[name]?.(args) ?? assert.fail(), (error: Error) => {
        assert.match(error.message, words);
        assert.ok(error.message.length < 1000, `${error.message.length}`);
        return true;
      });
    };
    await refused('execServer.start', { command: large }, /longer than 2097152 characters/);
    await refused('execServer.start', { argv: ['x', large] }, /longer than 2097152 characters/);
    await refused('execServer.start', { command: 'x', env: { A: large } }, /"env".*2097152/);
    await refused('execServer.start', { command: 'x', clientName: large }, /"clientName": .*100 characters/);
    await refused('execServer.start', { command: 'x', cwd: large }, /"cwd": .*32767 characters/);
    await refused('execServer.start', { command: 'x', environment: large }, /"environment": .*characters/);
    await refused('execServer.read', { processId: large }, /"processId": there is no process/);
    await refused('execServer.write', { processId: 'p', data: large }, /"data": must have at most 8388608/);
    const more = { processId: 'p', dataBase64: `${large}AAAA`.repeat(2) };
    await refused('execServer.write', more, /"dataBase64": must have at most 8388608/);
    await refused('execServer.write', { processId: 'p', dataBase64: `${large}*AAA` }, /must be base64/);
    // What is allowed gets as far as the process.
    await refused('execServer.write', { processId: 'p', dataBase64: large }, /there is no process "p"/);
    for (const wrong of ['AAA', 'A===', 'AA=A', '=AAA'])
      await refused('execServer.write', { processId: 'p', dataBase64: wrong }, /must be base64/);
  });
});
