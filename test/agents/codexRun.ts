/** Runs the real, unchanged Codex CLI once, without a person, cut off from everything but the test. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { START_MS } from '../../scripts/host/patience.mjs';
import { ensureCodex } from '../../scripts/install-codex.mjs';
import { eachLine, killGroup, start, type Child } from './child';
import { talkToApp, type Approver, type Beside } from './codexApp';
import { parseObject, type JsonObject } from './json';
import type { McpProgram } from './shell/drive';

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
  /** A server of the Model Context Protocol that it is to have. */
  tools?: McpProgram | undefined;
  /** Where its programs look for windows, unless below `home`. */
  state?: string | undefined;
  /** `none`: without the flag, in Codex's own default mode. */
  sandbox?: 'danger-full-access' | 'workspace-write' | 'read-only' | 'none' | undefined;
  /** Has Codex ask this person before it does what its sandbox forbids. */
  approve?: Approver | undefined;
  /** What else the client of its app-server asks for, once the turn has begun. */
  beside?: Beside | undefined;
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
function configText({ model, tools }: CodexOptions): string {
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
${tools ? serverText(tools) : ''}`;
}

/** Strings of JSON are strings of TOML. A machine with other work to do starts it later than Codex waits by itself. */
function serverText({ command, args, env }: McpProgram): string {
  const variables = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return `[mcp_servers.exec-server]
command = ${JSON.stringify(command)}
args = ${JSON.stringify(args)}
env = { ${variables.join(', ')} }
startup_timeout_sec = ${START_MS / 1000}
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
  if (options.state !== undefined) env['XDG_STATE_HOME'] = options.state;
  if (options.environments === undefined) env['CODEX_EXEC_SERVER_URL'] = options.url;
  return env;
}

/** The arguments of `codex exec`, unless a person is to be asked: only its app-server asks. */
function argsOf({ work, sandbox = 'danger-full-access', approve }: CodexOptions): string[] {
  if (approve) return ['app-server'];
  const mode = sandbox === 'none' ? [] : ['-s', sandbox];
  return ['exec', '--json', '--skip-git-repo-check', '-C', work, ...mode, 'Play the script.'];
}

/** Runs Codex for one turn, to its end, or kills it at the limit. */
export async function runCodex(options: CodexOptions): Promise<CodexResult> {
  const program = await ensureCodex();
  await mkdir(options.home, { recursive: true });
  await writeFile(join(options.home, 'config.toml'), configText(options));
  if (options.environments !== undefined) {
    await writeFile(join(options.home, 'environments.toml'), options.environments);
  }
  const argv = program.endsWith('.js') ? [process.execPath, program] : [program];
  const input = options.approve ? 'pipe' : 'ignore';
  const child = start([...argv, ...argsOf(options)], options.work, agentEnv(options), input);
  const events: JsonObject[] = [];
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    if (child.process.pid !== undefined) killGroup(child.process.pid);
  }, options.limit);
  await listen(child, options, events);
  const exitCode = await child.ended;
  clearTimeout(timer);
  return { exitCode, timedOut, events, stderr: child.stderr() };
}

async function listen(child: Child, options: CodexOptions, events: JsonObject[]): Promise<void> {
  const { approve, work, sandbox, beside } = options;
  if (approve) await talkToApp(child, { work, sandbox, approve, beside, events });
  else eachLine(child, (line) => events.push(parseObject(line)));
}
