/** One run of the agent: a workspace, a tap in front of the server, a mock model, and a script. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { START_MS } from '../../scripts/host/patience.mjs';
import * as calls from './calls';
import { runCodex, type CodexOptions, type CodexResult } from './codexRun';
import { MockModel } from './mockModel';
import type { AgentTarget } from './target';
import { checkAnswers, checkNoGap, checkNumbers, startOf } from './wireChecks';
import { WireTap } from './wireTap';

/** How a run differs from the usual one. */
export interface PlayOptions {
  sandbox?: CodexOptions['sandbox'];
  approve?: CodexOptions['approve'];
  /** The server, if it is not the target's own URL. */
  url?: string;
  /** Makes the text of environments.toml from the URL of the tap. */
  environments?: (url: string) => string;
  /** The line is cut on purpose: requests may stay unanswered. */
  cuts?: boolean;
  /** Puts files into the workspace before the agent starts. */
  prepare?: (work: string) => void;
  /** Commands do not reach the server, and should not. */
  unserved?: boolean;
}

/** What a script works with. */
export class Stage {
  private readonly commands: string[] = [];

  constructor(
    readonly work: string,
    readonly model: MockModel,
    readonly tap: WireTap,
  ) {}

  /** A path in the workspace. */
  path(...names: string[]): string {
    return join(this.work, ...names);
  }

  /** The text of a file in the workspace, or undefined. */
  file(...names: string[]): string | undefined {
    return existsSync(this.path(...names)) ? readFileSync(this.path(...names), 'utf8') : undefined;
  }

  /** Makes several tool calls in one answer. */
  async all(...list: calls.ToolCall[]): Promise<calls.ToolResult[]> {
    for (const { id, item } of list) if (item['name'] === 'exec_command') this.commands.push(id);
    return (await this.model.turn(list)).map((output) => new calls.ToolResult(output));
  }

  /** Makes one tool call. */
  async one(call: calls.ToolCall): Promise<calls.ToolResult> {
    const [result] = await this.all(call);
    assert.ok(result);
    return result;
  }

  exec(cmd: string, options?: calls.ExecOptions): Promise<calls.ToolResult> {
    return this.one(calls.exec(cmd, options));
  }

  /** Polls until the command has ended; answers its status and all of its output from `result` on. */
  async toEnd(result: calls.ToolResult): Promise<{ exitCode: number; output: string }> {
    let { output, exitCode } = result;
    let last = result;
    for (let polls = 0; exitCode === undefined; polls++) {
      assert.ok(last.session !== undefined && polls < 8, `the command does not end: ${last.text}`);
      last = await this.one(calls.stdin(last.session, ''));
      output += last.output;
      exitCode = last.exitCode;
    }
    return { exitCode, output };
  }

  /** Each command of the script has gone over the wire, none has been run behind its back. */
  checkServed(): void {
    for (const id of this.commands)
      assert.ok(startOf(this.tap.messages, id), `${id} did not reach the server`);
  }
}

/** The last words on the wire, for a failure's message. */
function evidence(stage: Stage, codex: CodexResult): string {
  const lines = stage.tap.messages.slice(-25).map(({ connection, from, body }) => {
    return `  ${String(connection)} ${from === 'agent' ? '→' : '←'} ${JSON.stringify(body).slice(0, 400)}`;
  });
  const status = codex.timedOut ? 'killed at its limit' : `status ${String(codex.exitCode)}`;
  return [`Codex: ${status}`, codex.stderr.slice(-1500), ...stage.tap.upgrades, ...lines].join('\n');
}

async function perform(stage: Stage, options: CodexOptions, script: (stage: Stage) => Promise<void>) {
  const running = runCodex(options).then((result) => {
    stage.model.end(`Codex has ended: ${result.stderr.slice(-500)}`);
    return result;
  });
  try {
    await script(stage);
    await stage.model.finish('Done.');
  } catch (error) {
    stage.tap.heal();
    await stage.model.finish('The script has failed.').catch(() => undefined);
    throw new Error(`${String(error)}\n${evidence(stage, await running)}`, { cause: error });
  }
  return running;
}

/** A folder for one run. Sandboxes may write in the system's folder for temporary files, so theirs are elsewhere. */
async function workRoot(mayBeTemporary: boolean): Promise<string> {
  const parent = process.env['AGENTS_WORK_ROOT'] ?? (mayBeTemporary ? tmpdir() : '/var/tmp');
  return realpath(await mkdtemp(join(parent, 'agent-')));
}

/** Runs the agent with a script; afterwards checks what must hold in every run. */
export async function play(
  target: AgentTarget,
  script: (stage: Stage) => Promise<void>,
  options: PlayOptions = {},
): Promise<Stage & { codex: CodexResult }> {
  const { sandbox, approve } = options;
  const root = await workRoot(sandbox === undefined);
  const model = await MockModel.open();
  const tap = await WireTap.open(options.url ?? target.url);
  const stage = new Stage(join(root, 'work space'), model, tap);
  try {
    await mkdir(stage.work);
    options.prepare?.(stage.work);
    const codex = await perform(
      stage,
      {
        work: stage.work,
        home: join(root, 'home'),
        model: model.baseUrl,
        url: tap.url,
        environments: options.environments?.(tap.url),
        sandbox,
        approve,
        limit: START_MS,
      },
      script,
    );
    assert.equal(codex.exitCode, 0, codex.stderr);
    if (!options.unserved) stage.checkServed();
    checkNumbers(tap.messages);
    if (!options.cuts) checkAnswers(tap.messages);
    if (!options.cuts) checkNoGap(tap.messages);
    return Object.assign(stage, { codex });
  } finally {
    await tap.close();
    await model.close();
    await rm(root, { recursive: true, force: true });
  }
}
