import * as v from 'valibot';
import { parseArguments } from './arguments';
import { clientName } from './commandSchemas';
import { object } from './members';
import { callTool, type ToolAnswer } from './tools/call';
import { TOOLS } from './tools/table';
import type { ToolHost } from './tools/tool';

/** What the ids of the commands begin with. */
export const TOOL_COMMAND_PREFIX = 'execServer.tools.';

const optionsSchema = object({ clientName: v.optional(clientName) });
const never = new AbortController().signal;

/** The tools as commands, for extensions that let a model call them: arguments in, text for the model out. */
export function toolCommands(
  host: ToolHost,
): Record<string, (input?: unknown, options?: unknown) => Promise<ToolAnswer>> {
  return Object.fromEntries(
    TOOLS.map(({ name }) => [
      TOOL_COMMAND_PREFIX + name,
      (input, options) => callToolAs(host, name, input, options),
    ]),
  );
}

/** Rejects for options that are wrong; arguments that are wrong are answered in words for the model. */
export async function callToolAs(
  host: ToolHost,
  name: string,
  input: unknown,
  options: unknown,
  signal: AbortSignal = never,
): Promise<ToolAnswer> {
  const { clientName: called = DEFAULT_CLIENT } = parseArguments(
    TOOL_COMMAND_PREFIX + name,
    optionsSchema,
    options,
  );
  return callTool(TOOLS, name, input, { host, caller: extensionOwner(called), signal });
}

export const DEFAULT_CLIENT = 'Extension';

/** Whose processes those are that an extension starts. */
export function extensionOwner(name: string): { id: string; name: string } {
  return { id: `extension:${name}`, name };
}
