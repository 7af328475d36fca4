/** How each agent is run once without a person: a home of its own, and nothing that leaves the machine. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentKind, connectAgent } from '../../../src/agents/connect/agentFiles';
import type { AgentPrograms } from '../../../src/agents/programs/writePrograms';
import { ensureAgent } from '../../../scripts/install-agents.mjs';

const AGENT_MS = 400_000;

export const NAMES = ['claude', 'gemini', 'opencode'] as const;
export type Name = (typeof NAMES)[number];

export interface Drive {
  readonly name: Name;
  readonly home: string;
  readonly cwd: string;
  readonly model: string;
  /** To be connected as Connect does it; bare when absent. */
  readonly programs?: AgentPrograms;
  /** Gemini CLI ends a command that is silent for so long, in seconds. */
  readonly silenceSeconds?: number;
  /** A server of the Model Context Protocol that it is to have. */
  readonly tools?: McpProgram;
}

/** How such a server is started. */
export interface McpProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** As a configuration calls it. */
const SERVER = 'exec-server';

/** How each agent calls a tool of that server. */
export const TOOL_NAMES: Readonly<Record<Name, (tool: string) => string>> = {
  claude: (tool) => `mcp__${SERVER}__${tool}`,
  gemini: (tool) => `mcp_${SERVER}_${tool}`,
  opencode: (tool) => `${SERVER}_${tool}`,
};

/** An agent at work. */
export interface Running {
  /** Its own process, leader of a group. */
  readonly pid: number;
  /** Resolves at its end with what it said on stderr. */
  readonly ended: Promise<string>;
}

const put = (file: string, value: object): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
};

interface Setup {
  /** For one task, without anybody. */
  readonly once: readonly string[];
  /** For somebody who gives it tasks, by lines on its streams, see talk.ts. */
  readonly talk: readonly string[];
  /** For both. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const SETUPS: Record<Name, (drive: Drive) => Setup> = {
  claude: ({ home, model, tools }) => {
    put(join(home, '.claude.json'), { hasCompletedOnboarding: true });
    const file = join(home, 'mcp.json');
    if (tools) put(file, { mcpServers: { [SERVER]: { ...tools, alwaysLoad: true } } });
    const more = tools ? ['--mcp-config', file, '--strict-mcp-config'] : [];
    return {
      once: ['-p', 'go', '--output-format', 'json'],
      talk: ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
      args: ['--dangerously-skip-permissions', ...more],
      env: {
        IS_SANDBOX: '1',
        ANTHROPIC_BASE_URL: model,
        ANTHROPIC_API_KEY: 'x',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
    };
  },
  gemini: ({ home, model, silenceSeconds, tools }) => {
    put(join(home, '.gemini/settings.json'), {
      security: { auth: { selectedType: 'gemini-api-key' } },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
      ...(tools ? { mcpServers: { [SERVER]: { ...tools, trust: true } } } : {}),
      ...(silenceSeconds ? { tools: { shell: { inactivityTimeout: silenceSeconds } } } : {}),
    });
    return {
      once: ['-p', 'go'],
      talk: ['--acp'],
      args: ['--yolo', '--skip-trust', '-m', 'gemini-2.5-flash'],
      env: { GOOGLE_GEMINI_BASE_URL: model, GEMINI_API_KEY: 'x' },
    };
  },
  opencode: ({ home, model, tools }) => {
    put(join(home, '.config/opencode/opencode.json'), {
      autoupdate: false,
      share: 'disabled',
      model: 'mock/m',
      small_model: 'mock/m',
      permission: 'allow',
      ...(tools
        ? {
            mcp: {
              [SERVER]: {
                type: 'local',
                command: [tools.command, ...tools.args],
                environment: tools.env,
                enabled: true,
              },
            },
          }
        : {}),
      provider: {
        mock: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${model}/v1`, apiKey: 'x' },
          models: { m: { name: 'm', tool_call: true, limit: { context: 200_000, output: 8000 } } },
        },
      },
    });
    const env = { OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1', SHELL: '/bin/bash' };
    return { once: ['run', '--format', 'json', 'go'], talk: ['acp'], args: [], env };
  },
};

/** How an agent is started. */
export async function commandOf(
  of: Drive,
  kind: 'once' | 'talk',
): Promise<{ program: string; args: string[]; env: NodeJS.ProcessEnv }> {
  const { name, home, programs } = of;
  const program = await ensureAgent(name);
  mkdirSync(home, { recursive: true });
  const setup = SETUPS[name](of);
  const proxies = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost,::1' };
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    ...proxies,
    ...setup.env,
  };
  // Gemini CLI has no file for it: it takes the first bash on PATH.
  if (programs && name === 'gemini') env['PATH'] = `${programs.lookAlikes}:${env['PATH']}`;
  else if (programs) connectAgent(agentKind(name), programs, env);
  return { program, args: [...setup[kind], ...setup.args], env };
}

/** Starts an agent; it is killed when it takes too long. */
export async function drive(of: Drive): Promise<Running> {
  const { program, args, env } = await commandOf(of, 'once');
  const { cwd } = of;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const pid = child.pid ?? 0;
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), AGENT_MS);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(stderr);
    });
  });
  return { pid, ended };
}

/** The reason why an agent cannot be fetched, in a line; undefined when it can. */
export async function missing(name: Name): Promise<string | undefined> {
  try {
    await ensureAgent(name);
    return undefined;
  } catch (error) {
    return `${name} cannot be fetched: ${error instanceof Error ? error.message.split('\n')[0] : ''}`;
  }
}
