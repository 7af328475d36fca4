/** The three ways in which clients of today speak, by both generations of the SDK. */
import {
  Client as NewClient,
  StreamableHTTPClientTransport as NewTransport,
} from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport as NewProgram } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as OldProgram } from '@modelcontextprotocol/sdk/client/stdio.js';
import { fileURLToPath } from 'node:url';
import { stateFolder, type Server } from '../wire/target.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type Era = 'SDK 1, sessions' | 'SDK 2, sessions' | 'SDK 2, without sessions';
export const ERAS: readonly Era[] = ['SDK 1, sessions', 'SDK 2, sessions', 'SDK 2, without sessions'];

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: unknown) => void;
  readonly timeout?: number;
  readonly resetTimeoutOnProgress?: boolean;
}

/** What the suite needs of a client. */
export interface Mcp {
  list(): Promise<{ name: string; inputSchema: Record<string, unknown> }[]>;
  call(name: string, args?: unknown, options?: CallOptions): Promise<Answer>;
  instructions(): string | undefined;
  close(): Promise<void>;
}

export const mcpUrl = ({ url }: Address): URL => new URL(`http://${url.host}/mcp`);

/** Where a server listens, and its token. */
export type Address = Pick<Server, 'url' | 'token'>;

/** Connects as `name`; processes belong to whoever says the same of itself. */
export async function open(era: Era, server: Address, name = 'suite'): Promise<Mcp> {
  const info = { name, version: '1' };
  const options = { requestInit: { headers: { Authorization: `Bearer ${server.token}` } } };
  if (era === 'SDK 1, sessions') {
    const client = new OldClient(info);
    await client.connect(new OldTransport(mcpUrl(server), options));
    return faceOf(client as never);
  }
  const mode = era === 'SDK 2, sessions' ? 'legacy' : { pin: '2026-07-28' };
  const client = new NewClient(info, { versionNegotiation: { mode } } as never);
  await client.connect(new NewTransport(mcpUrl(server), options));
  return faceOf(client as never);
}

/** Connects by `exec-server mcp`, to the server of a folder. */
export async function relay(era: Era, cwd: string, name: string): Promise<Mcp> {
  const env = { ...process.env, XDG_STATE_HOME: stateFolder } as Record<string, string>;
  const program = { command: process.execPath, args: [CLI, 'mcp'], cwd, env };
  const info = { name, version: '1' };
  if (era === 'SDK 1, sessions') {
    const client = new OldClient(info);
    await client.connect(new OldProgram(program));
    return faceOf(client as never);
  }
  const mode = era === 'SDK 2, sessions' ? ('legacy' as const) : { pin: '2026-07-28' };
  const client = new NewClient(info, { versionNegotiation: { mode } });
  await client.connect(new NewProgram(program));
  return faceOf(client as never);
}

interface AnyClient {
  listTools(): Promise<{ tools: { name: string; inputSchema: Record<string, unknown> }[] }>;
  callTool(...args: unknown[]): Promise<{ content: { text: string }[]; isError?: boolean }>;
  getInstructions(): string | undefined;
  close(): Promise<void>;
}

export function faceOf(client: AnyClient, isOld = client instanceof (OldClient as never)): Mcp {
  return {
    list: async () => (await client.listTools()).tools,
    call: async (name, args = {}, options = {}) => {
      const params = { name, arguments: args };
      const more = isOld ? [undefined, options] : [options];
      const { content, isError = false } = await client.callTool(params, ...more);
      return { text: content.map(({ text }) => text).join(''), isError };
    },
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  };
}

/** The session that a text speaks of. */
export function sessionOf({ text }: Answer): number {
  const id = /session(?: ID|_id) (\d+)/.exec(text)?.[1];
  if (id === undefined) throw new Error(`no session in: ${text}`);
  return Number(id);
}
