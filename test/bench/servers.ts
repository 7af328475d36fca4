/** The servers: two as processes of ours, one in the editor. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { START_MS } from '../../scripts/host/patience.mjs';
import { Gauge, gaugeEnv } from '../support/gauge.js';
import { residentBytes } from '../wire/procfs.js';
import { BenchClient } from './client.js';
import { EditorWindow } from './editor/window.js';
import { descriptors } from './facts.js';
import type { Options } from './options.js';

/** `ours` is the command line, `editor` the same server in an extension host. */
export type Side = 'ours' | 'editor' | 'reference';

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A way to start a server. */
export interface Maker {
  readonly side: Side;
  readonly start: () => Promise<BenchServer>;
  /** Ends what its servers shared. */
  readonly end?: () => Promise<void>;
}

export async function makers({ ours, editor, reference }: Options): Promise<Maker[]> {
  const cli = ours ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const sides: Maker[] = [
    { side: 'ours', start: () => BenchServer.spawn('ours', [process.execPath, cli], true) },
  ];
  if (editor) sides.push(editorMaker());
  if (reference) {
    const command = [process.env['CODEX_BIN'] ?? (await codex()), 'exec-server'];
    sides.push({ side: 'reference', start: () => BenchServer.spawn('reference', command, false) });
  }
  return sides;
}

async function codex(): Promise<string> {
  const script = new URL('../../scripts/install-codex.mjs', import.meta.url).href;
  return ((await import(script)) as { ensureCodex: () => Promise<string> }).ensureCodex();
}

function editorMaker(): Maker {
  let opened: Promise<EditorWindow> | undefined;
  return {
    side: 'editor',
    start: async () => {
      const { url, gauge } = await (opened ??= EditorWindow.open());
      const { pid } = await gauge.memory();
      return new BenchServer('editor', url, pid, gauge, () => Promise.resolve());
    },
    end: async () => (await opened?.catch(() => undefined))?.close(),
  };
}

export class BenchServer {
  private readonly clients = new Set<BenchClient>();

  constructor(
    readonly side: Side,
    private readonly url: string,
    private readonly pid: number,
    /** Inside the server; the reference has none. */
    readonly gauge: Gauge | undefined,
    private readonly end: () => Promise<void>,
  ) {}

  static async spawn(side: Side, command: readonly string[], withGauge: boolean): Promise<BenchServer> {
    // The reference makes no helpers in a temporary folder, and without them it has no sandbox.
    const home = mkdtempSync(join(side === 'reference' ? '/var/tmp' : tmpdir(), 'bench-home-'));
    const socket = join(home, 'gauge');
    const [program = '', ...args] = command;
    const child = spawn(program, [...args, '--listen', 'ws://127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CODEX_HOME: home, ...(withGauge ? gaugeEnv(socket) : {}) },
    });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    const lines = createInterface({ input: child.stdout });
    const [url] = (await once(lines, 'line', { signal: AbortSignal.timeout(START_MS) })) as [string];
    const gauge = withGauge ? await Gauge.connect(socket) : undefined;
    return new BenchServer(side, url, child.pid ?? 0, gauge, async () => {
      gauge?.close();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    });
  }

  /** A client of its own connection and session, past the handshake. */
  async connect(): Promise<BenchClient> {
    const client = await BenchClient.open(this.url);
    this.clients.add(client);
    return client;
  }

  get residentBytes(): number {
    return residentBytes(this.pid);
  }

  get descriptors(): number {
    return descriptors(this.pid);
  }

  /** Drops every connection, so that the next scenario finds the server idle. */
  disconnect(): void {
    for (const client of this.clients) client.drop();
    this.clients.clear();
  }

  async stop(): Promise<void> {
    this.disconnect();
    await this.end();
  }
}
