import { ArgumentError, parseArguments } from '../arguments';
import { isObject, messageOf } from '../../values';
import type { Tool, ToolCall } from './tool';

/** What a door hands back to a model. */
export interface ToolAnswer {
  readonly text: string;
  /** Whether the text is an instruction what to do instead. */
  readonly isError: boolean;
}

/** Calls a tool with what came from outside. Never rejects. */
export async function callTool(
  tools: readonly Tool[],
  name: string,
  input: unknown,
  call: ToolCall,
): Promise<ToolAnswer> {
  try {
    call.host.assertAllowed();
    const found = tools.find((one) => one.name === name);
    if (!found)
      throw new ArgumentError(
        `There is no tool ${JSON.stringify(name.slice(0, 100))}; there are ${tools.map((one) => one.name).join(', ')}.`,
      );
    const args = parseArguments(name, found.schema, withoutNulls(input));
    return { text: await found.run(args, call), isError: false };
  } catch (error) {
    return { text: messageOf(error), isError: true };
  }
}

/** Some models write null for what they leave out. */
function withoutNulls(input: unknown): unknown {
  if (!isObject(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
