import { homedir } from 'node:os';
import path from 'node:path';
import { announce, type Announced } from '../../agents/discovery';
import { McpDoor } from '../../agents/mcpDoor';
import { secretPlaces } from '../../agents/secretPlaces';
import { createHub, type Hub } from '../../hub';
import { Journal, Recorder, type Deed, type ServerEnd } from '../../record';
import { describeEnvironment, ExecServer, lookAround, type Logger } from '../../server';
import type { ServerVerb } from '../messages';
import type { KeepOptions, KeepSettings } from '../settings';
import { Idle } from './idle';
import { claim, type Claim } from './claim';
import { Keyboards } from './keyboards';
import { Windows } from './windows';

/** All that runs ends within this when the server does, in ms. */
const END_GRACE_MS = 1000;

export interface KeeperMeans {
  readonly options: KeepOptions;
  readonly version: string;
  /** The folder of the bundles. */
  readonly bundles: string;
  /** Called each time that much of what clients had the server hold is given back. */
  readonly memoryFreed: () => void;
  /** Called when everything has ended. */
  readonly ended: () => void;
}

/**
 * The exec-server of one workspace in a process of its own: agents come in as at a window's, and windows are attached to
 * it while they are there. It ends when a person says so, or when no window has been there for a while.
 */
export class Keeper {
  private readonly hub: Hub;
  private readonly journal: Journal;
  private readonly recorder: Recorder;
  private readonly windows: Windows = new Windows((count, kind) => {
    this.idle.attached(count);
    this.note({ kind });
  });
  private readonly keyboards: Keyboards;
  private readonly idle: Idle;
  private settings: KeepSettings;
  private server: ExecServer | undefined;
  private announced: Announced | undefined;
  private ending: Promise<void> | undefined;
  /** Why it ends what runs, while it does. */
  private why: ServerEnd | undefined;

  private constructor(
    private readonly means: KeeperMeans,
    private readonly claimed: Claim,
  ) {
    const { stateFolder, spillFolder, recordFolder, folders, secrets, settings } = means.options;
    this.settings = settings;
    this.hub = createHub({
      folder: () => folders[0] ?? homedir(),
      attended: true,
      defaultSandbox: () => this.settings.defaultSandbox,
      secrets: () => [...secretPlaces(), ...secrets],
      stateFolder,
      spill: { folder: spillFolder, onTrouble: (problem) => this.log.warn(problem) },
      warn: (message) => this.log.warn(message),
    });
    const { table } = this.hub;
    // One for each window.
    table.setMaxListeners(0);
    this.journal = new Journal({
      folder: recordFolder,
      limit: () => this.settings.recordBytes,
      onTrouble: (problem) => this.log.warn(problem),
    });
    this.recorder = new Recorder(table, this.note);
    this.keyboards = new Keyboards((row) => this.windows.each((window) => window.changed(row)));
    this.idle = new Idle(settings.idleMs, () => {
      this.endFor({ kind: 'idle', ms: this.settings.idleMs });
    });
    this.configure(settings);
  }

  /**
   * Listens, for agents and for windows. Rejects with a sentence when it cannot; resolves with undefined where the
   * workspace has such a server already.
   */
  static async open(means: KeeperMeans): Promise<Keeper | undefined> {
    const claimed = claim(means.options.workspace);
    if (!claimed) return undefined;
    const keeper = new Keeper(means, claimed);
    try {
      await keeper.listen();
      return keeper;
    } catch (error) {
      await keeper.end();
      throw error;
    }
  }

  /** Ends all that runs, by the ladder, and then itself. May be called again. */
  end(): Promise<void> {
    return (this.ending ??= this.endNow());
  }

  /** Ends for a signal from outside. */
  endBySignal(signal: NodeJS.Signals): void {
    this.endFor({ kind: 'signalled', signal });
  }

  /** The process ends now: nothing is left that leads here. */
  lastMoment(): void {
    this.announced?.removeNow();
    this.claimed.release();
  }

  private async listen(): Promise<void> {
    const { options, version, bundles, memoryFreed } = this.means;
    const { hub, note, log } = this;
    const mcp = new McpDoor(
      { hub, assertAllowed: () => undefined, reach: () => this.settings.toolsReach },
      version,
    );
    const facts = { executorVersion: version, surroundings: await lookAround() };
    const cwd = options.folders[0] ?? homedir();
    const server = await ExecServer.listen({
      host: '127.0.0.1',
      port: options.port,
      auth: { type: 'token' },
      backend: hub.local,
      doors: [mcp],
      environmentInfo: () => describeEnvironment({ cwd, ...facts }),
      log,
      happened: note,
      memoryFreed,
      network: {
        lookUpProgram: path.join(bundles, 'lookUp.js'),
        proxySettings: () => {
          const { proxy } = this.settings;
          return proxy && { authorization: undefined, ...proxy };
        },
      },
    });
    this.server = server;
    server.on('clients', () => this.clientsChanged(server.clients));
    this.announced = await announce({
      kind: 'server',
      name: 'Exec Server',
      folders: options.folders,
      kept: { workspace: options.workspace, version },
      doors: {
        wire: (socket, peer) => server.acceptStream(socket, peer),
        mcp: (socket, peer) => mcp.acceptStream(socket, peer),
        person: (socket) =>
          this.windows.attach(socket, {
            table: hub.table,
            keyboards: this.keyboards,
            name: this.journal.window,
            reached: () => this.reached,
            clients: () => server.clients,
            serve: (asked) => this.serve(asked),
          }),
      },
      refused: (message) => log.warn(message),
    });
  }

  /** Ends all, and notes why. */
  private endFor(deed: Extract<Deed, { kind: 'idle' | 'endedAll' | 'signalled' }>): void {
    if (this.ending) return;
    this.note(deed);
    this.why = deed.kind;
    void this.end();
  }

  private async endNow(): Promise<void> {
    this.idle[Symbol.dispose]();
    // Nobody is to find it any more; who is there sees the end.
    this.announced?.removeNow();
    await Promise.allSettled([this.server?.close(), this.hub.close({ graceMs: END_GRACE_MS })]);
    this.recorder[Symbol.dispose]();
    await this.journal.flushed();
    this.claimed.release();
    await this.windows.close(this.why === 'signalled' ? 'signal' : 'person');
    await this.announced?.close();
    this.means.ended();
  }

  private get reached(): { url: string; token: string } {
    return { url: this.server?.url ?? '', token: this.server?.token ?? '' };
  }

  private async serve(asked: ServerVerb): Promise<void> {
    const { server, hub, windows } = this;
    if (!server) throw new Error('The kept server is just starting.');
    switch (asked.verb) {
      case 'keepClient':
        server.keepClient(asked.client);
        return;
      case 'endClient':
        return server.endClient(asked.client);
      case 'disconnectClient':
        return server.disconnectClient(asked.client);
      case 'renewToken': {
        this.why = 'renewed';
        const ended = server.renewToken().finally(() => {
          if (this.why === 'renewed') this.why = undefined;
        });
        this.announced?.droppedAll();
        windows.each((window) => window.tell({ type: 'reached', ...this.reached }));
        return ended;
      }
      case 'clearFinished':
        hub.table.clearFinished();
        return;
      case 'endEverything':
        this.endFor({ kind: 'endedAll' });
        return;
      case 'folders':
        this.announced?.update(asked.folders);
        return;
      case 'settings':
        this.configure(asked.settings);
        return;
    }
  }

  private configure(settings: KeepSettings): void {
    this.settings = settings;
    const { maxProcesses, retainedBytesPerProcess, spilledBytesPerProcess, spilledBytesTotal } = settings;
    this.hub.table.configure({
      ...{ maxProcesses, retainedBytesPerProcess, spilledBytesPerProcess, spilledBytesTotal },
    });
    this.idle.setMs(settings.idleMs);
  }

  private clientsChanged(clients: ExecServer['clients']): void {
    this.recorder.seeClients(clients);
    this.windows.each((window) => window.tell({ type: 'clients', clients }));
  }

  private readonly note = (noted: Deed): void => {
    const { why } = this;
    const deed = why && noted.kind === 'ended' && noted.by === 'shutdown' ? { ...noted, why } : noted;
    this.journal.note(deed);
    this.windows.each((window) => window.tell({ type: 'deed', deed }));
  };

  private readonly log: Logger = {
    debug: () => undefined,
    info: (text) => this.say('info', text),
    warn: (text) => this.say('warn', text),
    error: (text) => this.say('error', text),
  };

  private say(level: 'info' | 'warn' | 'error', text: string): void {
    this.windows.each((window) => window.tell({ type: 'log', level, text }));
  }
}
