/** Runs the real, unchanged Codex CLI once, without a person, cut off from everything but the test. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCodex } from '../../scripts/install-codex.mjs';
import { eachLine, killGroup, start } from './child';
import { parseObject, type JsonObject } from './json';

/** A value that is in the environment of the agent only: a command that sees it has run in the wrong place. */
export const AGENT_MARK = 'AGENT_SIDE';

export interface CodexOptions {
  /** The workspace, and a folder for CODEX_HOME and HOME. */
  work: string;
  home: string;
  /** The base URL of the mock model. */
  model: string;
  /** CODEX_EXEC_SERVER_URL, unless `environments` is given. */
  url: string;
  /** The text of environments.toml. */
  environments?: string | undefined;
  sandbox?: 'danger-full-access' | 'workspace-write' | 'read-only' | undefined;
  /** Milliseconds until the run is killed. */
  limit: number;
}

export interface CodexResult {
  exitCode: number;
  timedOut: boolean;
  /** The lines of `--json`. */
  events: JsonObject[];
  stderr: string;
}

/** Settings of a run: the mock as the only provider, nothing that asks the network. */
function configText(model: string): string {
  return `model = "gpt-5.5"
model_provider = "mock"
check_for_update_on_startup = false
[model_providers.mock]
name = "mock"
base_url = "${model}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[features]
plugins = false
[analytics]
enabled = false
[history]
persistence = "none"
`;
}

/** The environment of the agent: no secret of the tester, and a dead end for all that is not local. */
function agentEnv(options: CodexOptions): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: options.home,
    CODEX_HOME: options.home,
    HTTPS_PROXY: nowhere,
    HTTP_PROXY: nowhere,
    ALL_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
    [AGENT_MARK]: 'agent',
  };
  if (options.environments === undefined) env['CODEX_EXEC_SERVER_URL'] = options.url;
  return env;
}

/** Runs `codex exec` to its end, or kills it at the limit. */
export async function runCodex(options: CodexOptions): Promise<CodexResult> {
  const program = await ensureCodex();
  await mkdir(options.home, { recursive: true });
  await writeFile(join(options.home, 'config.toml'), configText(options.model));
  if (options.environments !== undefined) {
    await writeFile(join(options.home, 'environments.toml'), options.environments);
  }
  const argv = program.endsWith('.js') ? [process.execPath, program] : [program];
  argv.push('exec', '--json', '--skip-git-repo-check', '-C', options.work);
  argv.push('-s', options.sandbox ?? 'danger-full-access', 'Play the script.');
  const child = start(argv, options.work, agentEnv(options));
  const events: JsonObject[] = [];
  eachLine(child, (line) => events.push(parseObject(line)));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    if (child.process.pid !== undefined) killGroup(child.process.pid);
  }, options.limit);
  const exitCode = await child.ended;
  clearTimeout(timer);
  return { exitCode, timedOut, events, stderr: child.stderr() };
}
