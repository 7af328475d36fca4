import assert from 'node:assert/strict';
import { addressOf } from '../../../src/environment/environmentConfig';

describe('where the client of an environment connects to', () => {
  beforeEach(() => Object.assign(process.env, { VSCODE_IPC_HOOK_TEST: 'here', PLAIN_TEST: 'here' }));
  afterEach(() => {
    delete process.env['VSCODE_IPC_HOOK_TEST'];
    delete process.env['PLAIN_TEST'];
  });

  it('is its URL with its token', () => {
    assert.deepEqual(addressOf({ id: 'x', url: 'ws://box:1/t', authBearerToken: 'token' }), {
      url: 'ws://box:1/t',
      authBearerToken: 'token',
    });
    assert.deepEqual(addressOf({ id: 'x', url: 'ws://box:1' }), {
      url: 'ws://box:1',
      authBearerToken: undefined,
    });
  });

  /** What a command would be started with, as far as it is said. */
  const envOf = (env?: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> => {
    const address = addressOf({ id: 'x', program: 'ssh', args: ['box'], cwd: '/tmp', env });
    assert.ok('program' in address);
    const { env: own, ...rest } = address;
    assert.deepEqual(rest, { program: 'ssh', args: ['box'], cwd: '/tmp', onStderr: undefined });
    return own ?? {};
  };

  it('is its command, from which only the editor’s variables are taken away', () => {
    const env = envOf();
    assert.ok('VSCODE_IPC_HOOK_TEST' in env);
    assert.ok(Object.values(env).every((value) => value === undefined));
    for (const name of ['PLAIN_TEST', 'PATH']) assert.ok(!(name in env), name);
  });

  it('lays its own variables over that, also one that the editor has', () => {
    const env = envOf({ OWN_TEST: 'own', VSCODE_IPC_HOOK_TEST: 'meant' });
    assert.deepEqual([env['OWN_TEST'], env['VSCODE_IPC_HOOK_TEST']], ['own', 'meant']);
  });
});
