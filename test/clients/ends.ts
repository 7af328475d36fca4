/** The far ends that one suite runs over: this machine, our server in three ways, the real codex exec-server in two. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { START_MS } from '../../scripts/host/patience.mjs';
import type { ConnectOptions, ExecServerAddress } from '../../src/client';
import { Environment, hostEnvironment, LocalHostBackend, ProcessTable } from '../../src/environment';
import { describeEnvironment, serveInProcess } from '../../src/server';
import { AT_ONCE } from '../support/atOnce';

/** One environment, set up, with a way to end its far end at once where that is possible. */
export interface Open {
  readonly environment: Environment;
  /** Ends the server as a crash would. */
  readonly crash?: () => void;
  close(): Promise<void>;
}

export interface End {
  readonly name: string;
  /** The unchanged codex exec-server: what it lacks is skipped. */
  readonly isReference: boolean;
  open(options?: ConnectOptions): Promise<Open>;
}

/** For connections that start a program: the client's own limits are for a person who waits. */
export const PATIENT: ConnectOptions = { connectTimeoutMs: START_MS, initializeTimeoutMs: START_MS };

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/cli.js');
const children = new Set<ChildProcess>();
const codexHome = mkdtempSync(join(tmpdir(), 'clients-home-'));
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(codexHome, { recursive: true, force: true });
});

export async function codexProgram(): Promise<string> {
  const given = process.env['CODEX_BIN'];
  if (given !== undefined) return given;
  const script = new URL('../../scripts/install-codex.mjs', import.meta.url).href;
  return await ((await import(script)) as { ensureCodex: () => Promise<string> }).ensureCodex();
}

/** A server that listens, until it is killed. */
export async function listening(
  program: string,
  args: readonly string[],
): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, CODEX_HOME: codexHome },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines = createInterface({ input: child.stdout });
  const [url] = (await once(lines, 'line')) as [string];
  return { url, child };
}

export const ourServer = (): ReturnType<typeof listening> =>
  listening(process.execPath, [cli, '--listen', 'ws://127.0.0.1:0']);

/** The command of a server on stdio. */
export const ourCommand = { program: process.execPath, args: [cli, '--listen', 'stdio://'] };

/** A server in this process. */
export function inProcess(): { address: ExecServerAddress; close(): Promise<void> } {
  const table = new ProcessTable();
  const info = describeEnvironment({
    executorVersion: 'test',
    surroundings: { shell: { name: 'sh', path: '/bin/sh' }, tempDir: '/tmp' },
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const backend = new LocalHostBackend(table, () => hostEnvironment(process.env));
  const server = serveInProcess({ backend, environmentInfo: () => info, log });
  return {
    address: { connector: server.connector },
    close: () => server.close().then(() => void table.shutdown()),
  };
}

async function overSocket(
  start: () => ReturnType<typeof listening>,
  options?: ConnectOptions,
): Promise<Open> {
  const { url, child } = await start();
  const environment = Environment.at('far', { url }, { ...PATIENT, ...options });
  return {
    environment,
    crash: () => void child.kill('SIGKILL'),
    close: async () => {
      await environment[Symbol.asyncDispose]();
      child.kill(AT_ONCE);
    },
  };
}

async function overStdio(address: ExecServerAddress, options?: ConnectOptions): Promise<Open> {
  const environment = Environment.at('far', address, { ...PATIENT, ...options });
  return { environment, close: () => environment[Symbol.asyncDispose]() };
}

export const ends: readonly End[] = [
  {
    name: 'local',
    isReference: false,
    open: async () => {
      const environment = await Environment.create();
      return { environment, close: () => environment[Symbol.asyncDispose]() };
    },
  },
  { name: 'ws', isReference: false, open: (options) => overSocket(ourServer, options) },
  { name: 'stdio', isReference: false, open: (options) => overStdio(ourCommand, options) },
  {
    name: 'in-process',
    isReference: false,
    open: async (options) => {
      const server = inProcess();
      const { address } = server;
      const environment = Environment.at('far', address, { ...PATIENT, ...options });
      return { environment, close: () => environment[Symbol.asyncDispose]().then(() => server.close()) };
    },
  },
  {
    name: 'codex exec-server, ws',
    isReference: true,
    open: async (options) => {
      const program = await codexProgram();
      return overSocket(() => listening(program, ['exec-server', '--listen', 'ws://127.0.0.1:0']), options);
    },
  },
  {
    name: 'codex exec-server, stdio',
    isReference: true,
    open: async (options) => {
      const args = ['exec-server', '--listen', 'stdio'];
      return overStdio({ program: await codexProgram(), args, env: { CODEX_HOME: codexHome } }, options);
    },
  },
];
