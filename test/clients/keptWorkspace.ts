/** A workspace whose commands are kept, without an editor: a server in a process of its own, and windows that come and go. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { START_MS } from '../../scripts/host/patience.mjs';
import { discoveryFolder } from '../../src/agents/discovery';
import { ExecServerClient } from '../../src/client';
import { ProcessTable, type ManagedProcess } from '../../src/environment';
import { findKept, findOrStartKept, KeptServer, type KeepOptions, type KeepSettings } from '../../src/keep';
import { Journal, Recorder, type Deed } from '../../src/record';
import { alive, gone } from '../wire/procfs';
import { until } from '../unit/process/helpers';

const PROGRAM = resolve('dist/cli.js');
const VERSION = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

const SETTINGS: KeepSettings = {
  idleMs: START_MS,
  maxProcesses: 64,
  retainedBytesPerProcess: 1024 * 1024,
  spilledBytesPerProcess: 64 * 1024 * 1024,
  spilledBytesTotal: 256 * 1024 * 1024,
  recordBytes: 1024 * 1024,
  toolsReach: 'own',
};

/** A window as far as a kept server is concerned: its own table, with the kept rows in it. */
export class KeptWindow {
  /** Why the server has ended, if it did by itself. */
  problem: string | undefined;

  private constructor(
    readonly table: ProcessTable,
    readonly server: KeptServer,
    /** What the window itself has noted. */
    readonly deeds: readonly Deed[],
  ) {}

  static async open(options: KeepOptions, version = VERSION): Promise<KeptWindow> {
    const spill = { folder: options.spillFolder, onTrouble: silent };
    const table = new ProcessTable({}, { attended: true, spill });
    const deeds: Deed[] = [];
    new Recorder(table, (deed) => deeds.push(deed));
    const record = await findOrStartKept({ options, program: PROGRAM, version });
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    let window: KeptWindow | undefined;
    const server = await KeptServer.attach(record, {
      table,
      log,
      happened: silent,
      gone: (problem) => window && (window.problem = problem),
      over: silent,
      reached: silent,
    });
    return (window = new KeptWindow(table, server, deeds));
  }

  /** The row of the process with this id, once it is listed. */
  async row(processId: string): Promise<ManagedProcess> {
    const find = (): ManagedProcess | undefined =>
      this.table.list().find((each) => each.clientProcessId === processId);
    await until(() => find() !== undefined, START_MS, `a row of ${processId}`);
    return find() as ManagedProcess;
  }

  /** As a reload: the server is left, and all that is of this window goes. */
  async reload(): Promise<void> {
    await this.server.leave();
    await this.table.shutdown({ graceMs: 0 });
  }
}

export class KeptWorkspace {
  readonly home = mkdtempSync(join(tmpdir(), 'kept-'));
  readonly options: KeepOptions;
  private readonly before = { ...process.env };
  private readonly windows: KeptWindow[] = [];
  private readonly clients: ExecServerClient[] = [];

  constructor(settings: Partial<KeepSettings> = {}) {
    process.env['XDG_STATE_HOME'] = this.home;
    process.env['XDG_RUNTIME_DIR'] = this.home;
    this.options = {
      workspace: join(this.home, 'workspace'),
      folders: [this.home],
      port: 0,
      stateFolder: join(this.home, 'state'),
      spillFolder: join(this.home, 'spill'),
      recordFolder: join(this.home, 'happened'),
      secrets: [],
      settings: { ...SETTINGS, ...settings },
    };
  }

  async window(): Promise<KeptWindow> {
    const window = await KeptWindow.open(this.options);
    this.windows.push(window);
    return window;
  }

  /** An agent that came in by the port, with the token. */
  async agent({ server }: KeptWindow, name = 'Tester'): Promise<ExecServerClient> {
    const client = await ExecServerClient.connect({ url: server.url }, { clientName: name });
    this.clients.push(client);
    return client;
  }

  get pid(): number | undefined {
    return findKept(this.options.workspace)?.pid;
  }

  /** Its time-line. */
  happened(): ReturnType<Journal['read']> {
    const { recordFolder: folder } = this.options;
    return new Journal({ folder, limit: () => 1, onTrouble: () => undefined }).read();
  }

  /** The names of what lies where windows and servers find each other. */
  get left(): string[] {
    return readdirSync(discoveryFolder().windows);
  }

  /** Ends the server by force if the case has left one. */
  async close(): Promise<void> {
    const { pid } = this;
    for (const client of this.clients) await client[Symbol.asyncDispose]();
    if (pid !== undefined && alive(pid)) {
      process.kill(pid, 'SIGTERM');
      await gone(pid);
    }
    process.env = this.before;
    rmSync(this.home, { recursive: true, force: true });
  }
}

function silent(): void {
  return undefined;
}
