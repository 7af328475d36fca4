/** Commands in the sandbox that Codex asks for: what they can do, and what they cannot. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { exec, type ToolResult } from '../calls';
import { asObject } from '../json';
import { play, type Stage } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod, params, replyTo, startOf } from '../wireChecks';

const READ_ONLY = /Read-only file system/;

/** The workspace is a repository, beside it lies a folder that is not for the agent, and a link leads there. */
export function prepareWorkspace(work: string): void {
  mkdirSync(`${work}/.git`);
  writeFileSync(`${work}/.git/config`, 'mine\n');
  mkdirSync(`${work}/../outside`);
  symlinkSync('../outside', `${work}/link`);
}

/** What lies outside of the workspace. */
export function outside(stage: Stage): string[] {
  return readdirSync(stage.path('..', 'outside'));
}

/** Runs a command that must fail for its sandbox, and must be told to have. */
async function denied(stage: Stage, cmd: string): Promise<ToolResult> {
  const call = exec(cmd);
  const result = await stage.one(call);
  assert.notEqual(result.exitCode ?? 0, 0, `${cmd}: ${result.text}`);
  assert.equal(exitedOf(stage, call.id)['sandboxDenied'], true, `${cmd}: ${result.text}`);
  return result;
}

function exitedOf(stage: Stage, call: string) {
  const start = startOf(stage.tap.messages, call);
  assert.ok(start);
  assert.notEqual(asObject(replyTo(stage.tap.messages, start)?.['result'])['sandboxType'] ?? 'none', 'none');
  const { processId } = params(start);
  return (
    ofMethod(stage.tap.messages, 'process/exited')
      .map(params)
      .find((exited) => exited['processId'] === processId) ?? {}
  );
}

/** Tries to reach a server of this machine, which counts who comes. */
async function tryNetwork(stage: Stage): Promise<void> {
  let seen = 0;
  const server = createServer((socket) => {
    seen++;
    socket.end('hello\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const result = await stage.exec(`cat < /dev/tcp/127.0.0.1/${String(port)}`);
  server.close();
  assert.notEqual(result.exitCode, 0, result.text);
  assert.equal(seen, 0, 'a connection came out of the sandbox');
}

/** Defines the cases. */
export function confinedScenarios(get: () => AgentTarget): void {
  it('workspace-write: writes inside, and nowhere else; no network; .git stays as it is', async () => {
    await play(
      get(),
      async (stage) => {
        const inside = await stage.exec(
          'echo in > in.txt && mkdir -p sub/.git && echo t > "$(mktemp)" && cat in.txt',
        );
        assert.equal(inside.exitCode, 0, inside.text);
        assert.equal(inside.output, 'in\n');
        assert.match((await denied(stage, 'touch ../outside/x')).output, READ_ONLY);
        assert.match((await denied(stage, 'touch link/x')).output, READ_ONLY);
        assert.match((await denied(stage, 'echo evil >> .git/config')).output, READ_ONLY);
        await denied(stage, 'echo x > .codex/config.toml || touch .git/hooks');
        await tryNetwork(stage);
        assert.deepEqual(outside(stage), []);
        assert.equal(stage.file('.git', 'config'), 'mine\n');
        assert.equal(stage.file('in.txt'), 'in\n');
        const failed = exec('exit 7');
        assert.equal((await stage.one(failed)).exitCode, 7);
        assert.equal(exitedOf(stage, failed.id)['sandboxDenied'], false);
        assert.ok(!existsSync(stage.path('.codex')), 'a placeholder stays');
      },
      { sandbox: 'workspace-write', prepare: prepareWorkspace },
    );
  });

  for (const sandbox of ['none', 'read-only'] as const) {
    it(`${sandbox === 'none' ? 'without any flag' : sandbox}: reads everything and changes nothing`, async () => {
      const { tap } = await play(
        get(),
        async (stage) => {
          const read = await stage.exec('cat .git/config; pwd');
          assert.equal(read.exitCode, 0, read.text);
          assert.equal(read.output, `mine\n${stage.work}\n`);
          assert.match((await denied(stage, 'echo x > in.txt')).output, READ_ONLY);
          assert.match((await denied(stage, 'touch ../outside/x')).output, READ_ONLY);
          await tryNetwork(stage);
          assert.deepEqual(outside(stage), []);
          assert.equal(stage.file('in.txt'), undefined);
        },
        { sandbox, prepare: prepareWorkspace },
      );
      for (const start of ofMethod(tap.messages, 'process/start'))
        assert.ok(asObject(params(start)['sandbox'])['permissions'], 'Codex asks for a sandbox');
    });
  }
}
