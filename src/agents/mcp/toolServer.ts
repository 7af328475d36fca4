import {
  CLIENT_INFO_META_KEY,
  McpServer,
  type CallToolResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { Tool, ToolEffect } from '../tools/tool';
import type { McpClients, ClientWords } from './clients';
import type { McpOptions } from './options';

/** Some clients give up after a minute without a word. */
const PROGRESS_EVERY_MS = 10_000;

/** One server of the protocol: for a session, or for a single request where there are none. */
export function toolServer(options: McpOptions, clients: McpClients, instance?: string): McpServer {
  const { tools, version, instructions } = options;
  // Its own tools would check arguments themselves, in words that no model can act on.
  const whole = new McpServer(
    { name: 'exec-server', title: 'Exec Server', version },
    { capabilities: { tools: {} }, instructions },
  );
  const { server } = whole;
  const described = tools.map(describe);
  server.setRequestHandler('tools/list', () => ({ tools: described }));
  server.setRequestHandler('tools/call', async ({ params }, context): Promise<CallToolResult> => {
    const words = (context.mcpReq.envelope as Envelope)?.[CLIENT_INFO_META_KEY];
    const { owner, leave } = clients.enter(words ?? clientOf(whole), instance);
    const stopTelling = tellProgress(context);
    try {
      const { signal } = context.mcpReq;
      const { text, isError } = await options.call(params.name, params.arguments, owner, signal);
      // No structuredContent: some clients would show that to the model instead, as escaped JSON.
      return { content: [{ type: 'text', text }], isError };
    } finally {
      stopTelling();
      leave();
    }
  });
  return whole;
}

type Envelope = { readonly [CLIENT_INFO_META_KEY]?: ClientWords } | undefined;

/** What the client said of itself when it opened its session; nothing where there is none. */
export function clientOf({ server }: McpServer): ClientWords {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way where a session says it once
  return server.getClientVersion() ?? {};
}

function tellProgress({ mcpReq }: ServerContext): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  const begun = performance.now();
  let progress = 0;
  const timer = setInterval(() => {
    const message = `${Math.round((performance.now() - begun) / 1000)} s`;
    const params = { progressToken, progress: ++progress, message };
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

function describe({ name, title, description, schema, effect }: Tool): {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: 'object' };
  annotations: object;
  _meta: Record<string, unknown>;
} {
  const inputSchema = toJsonSchema(schema, { target: 'draft-07', errorMode: 'ignore' });
  delete inputSchema.$schema;
  return {
    name,
    title,
    description,
    inputSchema: { ...inputSchema, type: 'object' },
    annotations: { title, ...hints(effect) },
    // Else that client shows the model no more than the names.
    _meta: { 'anthropic/alwaysLoad': true },
  };
}

function hints(effect: ToolEffect): Record<string, boolean> {
  const reads = effect === 'reads';
  return {
    readOnlyHint: reads,
    destructiveHint: !reads,
    openWorldHint: effect === 'runs' || effect === 'types',
  };
}
