/** The two servers, as processes of ours. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { residentBytes } from '../wire/procfs.js';
import { BenchClient } from './client.js';
import { descriptors } from './facts.js';
import type { Options } from './options.js';

export type Side = 'ours' | 'reference';

const START_MS = 20_000;
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A way to start a server. */
export interface Maker {
  readonly side: Side;
  readonly command: readonly string[];
}

export async function makers({ ours, reference }: Options): Promise<Maker[]> {
  const cli = ours ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const first: Maker = { side: 'ours', command: [process.execPath, cli] };
  if (!reference) return [first];
  const script = new URL('../../scripts/install-codex.mjs', import.meta.url).href;
  const { ensureCodex } = (await import(script)) as { ensureCodex: () => Promise<string> };
  return [
    first,
    { side: 'reference', command: [process.env['CODEX_BIN'] ?? (await ensureCodex()), 'exec-server'] },
  ];
}

export class BenchServer {
  private readonly clients = new Set<BenchClient>();

  private constructor(
    readonly side: Side,
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly home: string,
  ) {}

  static async start({ side, command }: Maker): Promise<BenchServer> {
    const home = mkdtempSync(join(tmpdir(), 'bench-home-'));
    const [program = '', ...args] = command;
    const child = spawn(program, [...args, '--listen', 'ws://127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CODEX_HOME: home },
    });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    const lines = createInterface({ input: child.stdout });
    const [url] = (await once(lines, 'line', { signal: AbortSignal.timeout(START_MS) })) as [string];
    return new BenchServer(side, url, child, home);
  }

  /** A client of its own connection and session, past the handshake. */
  async connect(): Promise<BenchClient> {
    const client = await BenchClient.open(this.url);
    this.clients.add(client);
    return client;
  }

  get residentBytes(): number {
    return residentBytes(this.child.pid ?? 0);
  }

  get descriptors(): number {
    return descriptors(this.child.pid ?? 0);
  }

  /** Drops every connection, so that the next scenario finds the server idle. */
  disconnect(): void {
    for (const client of this.clients) client.drop();
    this.clients.clear();
  }

  async stop(): Promise<void> {
    this.disconnect();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}
