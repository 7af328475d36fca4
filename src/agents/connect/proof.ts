import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ManagedProcess, ProcessTable } from '../../environment';
import type { AgentPrograms } from '../programs/writePrograms';
import type { AgentKind } from './kinds';

/** The name of the agent in the row of a test command. */
const TESTER = 'connection-test';
const PROOF_MS = 30_000;

/** What is asked on a door's first line; anything it answers proves that it leads to a window. */
const QUESTIONS = {
  wire: { id: 1, method: 'initialize', params: { clientName: TESTER } },
  tools: {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: TESTER, version: '1' },
    },
  },
} as const;

export interface ProofOptions {
  readonly programs: AgentPrograms;
  /** A folder of the workspace. */
  readonly cwd: string;
  readonly table: Pick<ProcessTable, 'on' | 'off'>;
  /** How long to wait, in ms. */
  readonly patienceMs?: number;
}

/**
 * Does what the agent does, by the program that its file names: runs a command through the shell's door, or says hello by
 * the others. Rejects with a sentence when nothing of it arrives in this window.
 */
export async function prove(kind: Pick<AgentKind, 'id' | 'door'>, options: ProofOptions): Promise<void> {
  await (kind.door === 'shell' ? proveShell(kind.id, options) : proveHello(kind.door, options));
}

async function proveShell(id: string, options: ProofOptions): Promise<void> {
  const { programs, cwd, table, patienceMs = PROOF_MS } = options;
  const session = randomUUID();
  const env = { ...process.env, AI_AGENT: TESTER, CLAUDE_CODE_SESSION_ID: session };
  const [program, args] =
    id === 'claude'
      ? [programs.prefix, [`true && eval 'echo connected' < /dev/null && pwd -P >| /dev/null`]]
      : [join(programs.lookAlikes, 'bash'), ['-c', 'echo connected']];
  const late = `a test command did not arrive within ${patienceMs / 1000} s`;
  await new Promise<void>((resolve, reject) => {
    const added = ({ owner }: ManagedProcess): void => {
      if (owner.id.endsWith(session)) settle();
    };
    const timer = setTimeout(() => settle(new Error(late)), patienceMs);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      table.off('added', added);
      if (error) reject(error);
      else resolve();
    };
    table.on('added', added);
    spawn(program, args, { cwd, env, stdio: 'ignore' }).once('error', settle);
  });
}

async function proveHello(door: keyof typeof QUESTIONS, options: ProofOptions): Promise<void> {
  const { programs, cwd, patienceMs = PROOF_MS } = options;
  const child = spawn(programs.program, [door === 'wire' ? 'connect' : 'mcp'], {
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-1000)));
  child.stdin.on('error', () => undefined);
  try {
    child.stdin.write(`${JSON.stringify(QUESTIONS[door])}\n`);
    const signal = AbortSignal.timeout(patienceMs);
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error(said.trim() || `${programs.program} ended without an answer`);
    });
    const answer = once(child.stdout, 'data', { signal });
    answer.catch(() => undefined);
    await Promise.race([answer, ended]);
  } finally {
    child.kill();
  }
}
