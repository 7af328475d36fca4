/**
 * Where the server under test is.
 *   WIRE_URL=ws://…         that server, as it is (cases that need a server of their own are skipped)
 *   WIRE_SERVER=reference   the Codex CLI's own `codex exec-server`, and `codex app-server` for the cases of its
 *                           processes (CODEX_BIN, else it is installed)
 *   otherwise               `node dist/cli.js`
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { START_MS } from '../../scripts/host/patience.mjs';
import { AT_ONCE } from '../support/atOnce.js';

/** What the reference has two programs for, and ours one. */
export type Product = 'exec-server' | 'app-server';

export type Kind = 'ours' | 'reference' | 'url';

export const kind: Kind =
  process.env['WIRE_URL'] !== undefined
    ? 'url'
    : process.env['WIRE_SERVER'] === 'reference'
      ? 'reference'
      : 'ours';

/** Variables that the server process has and that cases look for (or look for the absence of) in children. */
export const serverEnv = {
  WIRE_MARK: 'mark',
  WIRE_EMPTY: '',
  WIRE_API_KEY: 'a',
  WIRE_SECRET_X: 'b',
  WIRE_TOKEN: 'c',
  VSCODE_IPC_HOOK: '/nowhere',
  VSCODE_PID: '1',
  ELECTRON_RUN_AS_NODE: '1',
};

/** Of the machine that the tests run on: their servers are set up by the cases alone. */
const NETWORK = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const noNetwork = Object.fromEntries(
  [...NETWORK, ...NETWORK.map((name) => name.toLowerCase()), 'CODEX_CA_CERTIFICATE'].map((name) => [
    name,
    undefined,
  ]),
);

/** Where the reference's app-server says its URL: on stderr, in colours. */
const BANNER = /listening on: \S*?(ws:\/\/[\d.:]+)\S*\n/;
const root = fileURLToPath(new URL('../..', import.meta.url));
const children = new Set<ChildProcess>();
/** The servers keep their things here instead of the person's own folders. */
// The reference makes no helpers in a temporary folder, and without them it has no sandbox.
const home = mkdtempSync(join(kind === 'reference' ? '/var/tmp' : tmpdir(), 'wire-home-'));
/** Where servers note what is to end with them. */
export const runtimeFolder = home;
/** Where they find each other. */
export const stateFolder = home;
const folders = { CODEX_HOME: home, XDG_RUNTIME_DIR: runtimeFolder, XDG_STATE_HOME: stateFolder };
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** How a server is started otherwise than by itself. */
export interface Way {
  /** The command that starts it. */
  readonly wrap: readonly string[];
  /** Where the program is for that. */
  readonly program?: string;
}

/** A server process, before anything is known about whether it came up. */
export async function launch(
  args: string[],
  { wrap, program: there }: Way = { wrap: [] },
  product: Product = 'exec-server',
): Promise<ChildProcess> {
  const [own = '', ...rest] = await command(product);
  const [program, ...first] = [...wrap, there ?? own, ...rest];
  const child = spawn(program ?? '', [...first, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...noNetwork, ...serverEnv, ...folders },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** The program and its first arguments. */
export async function command(product: Product): Promise<string[]> {
  if (kind !== 'reference') return [process.execPath, join(root, 'dist/cli.js')];
  const bin = process.env['CODEX_BIN'];
  if (bin !== undefined) return [bin, product];
  const script = new URL('../../scripts/install-codex.mjs', import.meta.url).href;
  const { ensureCodex } = (await import(script)) as { ensureCodex: () => Promise<string> };
  return [await ensureCodex(), product];
}

export class Server {
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;

  private constructor(
    readonly url: URL,
    readonly child: ChildProcess | undefined,
  ) {
    this.exit = child
      ? once(child, 'exit').then(([code]) => code as number | null)
      : new Promise(() => undefined);
  }

  static at(url: string): Server {
    return new Server(new URL(url), undefined);
  }

  static async start(
    args: string[] = [],
    way: Way = { wrap: [] },
    product: Product = 'exec-server',
  ): Promise<Server> {
    const listen = args.includes('--listen') ? [] : ['--listen', 'ws://127.0.0.1:0'];
    const child = await launch([...listen, ...args], way, product);
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no URL from the server: ${stderr}`)), START_MS);
      const found = (line: string): void => {
        clearTimeout(timer);
        resolve(line);
      };
      lines.once('line', found);
      child.stderr?.on('data', () => {
        const [, banner] = BANNER.exec(stderr) ?? [];
        if (banner !== undefined) found(banner);
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}: ${stderr}`)));
    });
    const server = new Server(new URL(url), child);
    server.stdout = `${url}\n`;
    lines.on('line', (line) => (server.stdout += `${line}\n`));
    server.stderr = stderr;
    child.stderr?.on('data', (data: Buffer) => (server.stderr += data.toString()));
    return server;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** The secret in the path, empty where there is none. */
  get token(): string {
    return this.url.pathname.slice(1);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child?.kill(signal);
    return this.child ? await this.exit : null;
  }
}

const started = new Map<string, Promise<Server>>();

/** The server that cases share: one for each list of arguments and way; the reference's other program apart. */
export function shared(
  args: string[] = [],
  product: Product = 'exec-server',
  way: Way = { wrap: [] },
): Promise<Server> {
  const key = [...(kind === 'reference' ? [product] : []), ...way.wrap, ...args].join(' ');
  const known = started.get(key);
  if (known) return known;
  const url = process.env['WIRE_URL'];
  const server = url === undefined ? Server.start(args, way, product) : Promise.resolve(Server.at(url));
  started.set(key, server);
  return server;
}

export async function stopShared(): Promise<void> {
  const servers = await Promise.allSettled(started.values());
  started.clear();
  const up = servers.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
  await Promise.all(up.map((server) => server.stop(AT_ONCE)));
}
