/** Tool calls of the model, and what comes back to it. */
import { asArray, asObject, asString, type JsonObject } from './json';

/** An output item of the model that calls a tool. */
export interface ToolCall {
  id: string;
  item: JsonObject;
}

/** Arguments of exec_command next to the command. */
export interface ExecOptions {
  workdir?: string;
  tty?: boolean;
  login?: boolean;
  yield_time_ms?: number;
  max_output_tokens?: number;
  /** Asks a person to let it run without the sandbox. */
  sandbox_permissions?: 'require_escalated';
  justification?: string;
}

let calls = 0;

function functionCall(name: string, args: object): ToolCall {
  const id = `call_${String(++calls)}`;
  return { id, item: { type: 'function_call', call_id: id, name, arguments: JSON.stringify(args) } };
}

/**
 * Runs a shell command; waits up to 30 s for its end unless told otherwise. Not in a login shell: what a
 * person's profile prints would get into the output.
 */
export function exec(cmd: string, options: ExecOptions = {}): ToolCall {
  return functionCall('exec_command', { cmd, login: false, yield_time_ms: 30_000, ...options });
}

/** Types into a running command; no characters at all is a poll. */
export function stdin(session: number, chars: string, yieldMs = 30_000): ToolCall {
  return functionCall('write_stdin', { session_id: session, chars, yield_time_ms: yieldMs });
}

/** Calls a tool of a server of the Model Context Protocol. */
export function mcpTool(server: string, name: string, args: object): ToolCall {
  const { id, item } = functionCall(name, args);
  return { id, item: { ...item, namespace: `mcp__${server}` } };
}

export function viewImage(path: string): ToolCall {
  return functionCall('view_image', { path });
}

/** A patch from its hunks, without the lines around them. */
export function patch(...lines: string[]): ToolCall {
  const id = `call_${String(++calls)}`;
  const input = ['*** Begin Patch', ...lines, '*** End Patch', ''].join('\n');
  return { id, item: { type: 'custom_tool_call', call_id: id, name: 'apply_patch', input } };
}

/** A sentence of the model. */
export function message(text: string): JsonObject {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
}

/** What the model learns from exec_command or write_stdin. */
export class ToolResult {
  /** The full text. */
  readonly text: string;

  constructor(output: unknown) {
    const parts = asArray(output).map((part) => asString(asObject(part)['text']));
    this.text = typeof output === 'string' ? output : parts.join('\n');
  }

  /** The number after "exited with code", once the command has ended. */
  get exitCode(): number | undefined {
    return this.numberAfter(/^Process exited with code (-?\d+)$/m);
  }

  /** The number to poll or to type with, while the command runs. */
  get session(): number | undefined {
    return this.numberAfter(/^Process running with session ID (\d+)$/m);
  }

  /** What the command has written. */
  get output(): string {
    return /^Output:\n([^]*)$/m.exec(this.text)?.[1] ?? '';
  }

  private numberAfter(pattern: RegExp): number | undefined {
    const found = pattern.exec(this.text.split('\nOutput:\n')[0] ?? '');
    return found ? Number(found[1]) : undefined;
  }
}
