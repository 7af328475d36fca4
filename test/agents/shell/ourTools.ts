/** Our tools, as real agents are given them, and calls of them, as their models make them. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { START_MS } from '../../../scripts/host/patience.mjs';
import { stateFolder } from '../../wire/target';
import { mcpTool, ToolResult } from '../calls';
import type { MockModel } from '../mockModel';
import { TOOL_NAMES, type McpProgram, type Name } from './drive';
import type { Call } from './models';

/** A tool, and what it takes beside the session. */
export type Turn = readonly [tool: string, args: object];

/** For an agent's configuration. */
export const OUR_TOOLS: McpProgram = {
  command: process.execPath,
  args: [join(import.meta.dirname, '../../../dist/cli.js'), 'mcp'],
  env: { XDG_STATE_HOME: stateFolder },
};

/** Codex makes one name of a server's and a tool's, without hyphens. */
const CODEX_SERVER = 'exec_server';

const ALONE: ReadonlySet<string> = new Set(['exec_command', 'list_processes', 'list_environments']);

/** What the tool takes after these results: the session is the last that they speak of. */
export function argsOf([tool, args]: Turn, results: readonly string[]): object {
  if (ALONE.has(tool)) return args;
  const session = results.flatMap((text) => /session(?: ID|_id) (\d+)/.exec(text)?.[1] ?? []).at(-1);
  return { session_id: Number(session), ...args };
}

/** The results of these tools, one after the other, in Codex: it has not started them when it first asks its model. */
export async function codexTurns(model: MockModel, turns: readonly Turn[]): Promise<string[]> {
  const results: string[] = [];
  const call = async (turn: Turn): Promise<string> => {
    const [output] = await model.turn([mcpTool(CODEX_SERVER, turn[0], argsOf(turn, results))]);
    return new ToolResult(output).text;
  };
  for (const turn of turns) {
    const end = Date.now() + START_MS;
    let text = await call(turn);
    while (text.startsWith('unsupported call') && Date.now() < end) {
      await sleep(1000);
      text = await call(turn);
    }
    results.push(text);
  }
  return results;
}

/** For a model that plays a list. */
export function callsOf(name: Name, turns: readonly Turn[]): Call[] {
  return turns.map((turn) => ({
    command: turn[0],
    tool: { name: TOOL_NAMES[name](turn[0]), args: (results) => argsOf(turn, results) },
  }));
}
