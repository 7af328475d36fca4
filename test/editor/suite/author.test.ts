/** An extension by somebody else, made of the examples of docs/EXTENSION_AUTHORS.md. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExecServerApi, ExecServerExports } from '../../../src/agents/api';
import { eventually } from '../host/driver';
import { api as commands, cleanUp, ready } from './support';

interface Examples {
  run: { run(argv: string[]): Promise<string> };
  commands: { test(): Promise<string> };
  modelTools: {
    declared(api: ExecServerApi): { name: string; inputSchema: { properties: object } }[];
    called(api: ExecServerApi, call: object, token: vscode.CancellationToken): Promise<string>;
  };
  follow: { follow(api: ExecServerApi, tell: (running: number) => void): { dispose(): void } };
}

describe('another extension', () => {
  let examples: Examples;
  let api: ExecServerApi;
  before(async () => {
    await ready();
    const author = vscode.extensions.getExtension<Examples>('example.author');
    assert.ok(author, 'it is there');
    examples = await author.activate();
    const ours = vscode.extensions.getExtension<ExecServerExports>('exec-server.vscode-exec-server');
    assert.ok(ours);
    api = ours.exports.getApi(1);
  });
  afterEach(cleanUp);

  it('runs a command by the exports', async () => {
    assert.equal(await examples.run.run(['/bin/sh', '-c', 'echo run; sleep 0.2; echo end']), 'run\nend\n');
    const [row] = await commands.list();
    assert.equal(row?.client.name, 'My Extension');
  });

  it('runs a command by commands', async () => {
    assert.equal(await examples.commands.test(), 'tested\n');
  });

  it('gives its model the tools', async () => {
    const [first] = examples.modelTools.declared(api);
    assert.equal(first?.name, 'exec_command');
    assert.ok('cmd' in first.inputSchema.properties);
    const source = new vscode.CancellationTokenSource();
    const call = (input: object): Promise<string> =>
      examples.modelTools.called(api, { name: 'exec_command', input }, source.token);
    assert.match(await call({ cmd: 'echo modelled' }), /\nmodelled\n/);
    assert.match(await call({}), /"cmd": is missing/);
    const long = call({ cmd: 'sleep 600', yield_time_ms: 30_000 });
    await eventually(async () => (await commands.list()).some(({ state }) => state === 'running'), 'it runs');
    source.cancel();
    assert.match(await long, /signal 2|running/);
    await eventually(
      async () => (await commands.list()).every(({ state }) => state !== 'running'),
      'it was interrupted',
    );
  });

  it('follows what runs', async () => {
    const told: number[] = [];
    const following = examples.follow.follow(api, (running) => told.push(running));
    await examples.run.run(['/bin/sleep', '0.3']);
    await eventually(() => told.includes(1) && told.at(-1) === 0, 'both were told');
    following.dispose();
  });

  it('is told which versions of the API there are', () => {
    const ours = vscode.extensions.getExtension<ExecServerExports>('exec-server.vscode-exec-server');
    assert.throws(() => ours?.exports.getApi(2 as 1), /no API of version 2; it has version 1/);
  });
});
