import * as vscode from 'vscode';
import {
  announce,
  chooseWindow,
  discoveryFolder,
  liveRecords,
  pointTo,
  tellOff,
  type Announced,
} from '../../agents/discovery';
import type { McpDoor } from '../../agents/mcpDoor';
import { writePrograms } from '../../agents/programs/writePrograms';
import { ShownCommands } from '../../agents/shell/shownCommands';
import type { ProcessTable } from '../../environment';
import { localFolders } from '../localFolders';
import type { Log } from '../show/log';
import { messageOf } from '../../values';
import type { ServerLifecycle } from './serverLifecycle';

/** While the server runs, programs of this person find the window by its workspace folders, and agents show it theirs. */
export class Finding implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private announced: Announced | undefined;
  /** Tells that the server is off, once it was on. */
  private off: Announced | undefined;
  private lastSocket: string | undefined;
  private isLeaving = false;
  private shown: ShownCommands | undefined;
  private steps: Promise<void> = Promise.resolve();

  constructor(
    private readonly lifecycle: ServerLifecycle,
    private readonly table: ProcessTable,
    private readonly mcp: McpDoor,
    private readonly log: Log,
    /** The bundle of the programs that agents name. */
    private readonly bundle: string,
  ) {
    lifecycle.on('changed', this.changed).on('renewed', this.renewed);
    this.subscriptions.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() =>
        this.step(() => (this.announced ?? this.off)?.update(localFolders())),
      ),
    );
    this.step(() => {
      const isEditor = process.versions['electron'] !== undefined;
      writePrograms(discoveryFolder(), { bundle: this.bundle, node: process.execPath, isEditor });
    });
    this.changed();
  }

  dispose(): void {
    this.lifecycle.off('changed', this.changed).off('renewed', this.renewed);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The host ends now. */
  lastMoment(): void {
    this.announced?.removeNow();
    this.off?.removeNow();
  }

  /** The window goes: its server is not off, it is no more. */
  windowGoes(): void {
    this.isLeaving = true;
  }

  /** Shows no more of an agent that runs its commands itself; see `ShownCommands.leave`. */
  async leave(ownerId: string): Promise<void> {
    await this.shown?.leave(ownerId);
  }

  /** Resolves when the last change is on disk. */
  async finish(): Promise<void> {
    await this.steps;
    this.off?.removeNow();
    await this.shown?.close();
  }

  private readonly changed = (): void => this.step(() => this.follow());
  private readonly renewed = (): void => this.step(() => this.announced?.droppedAll());

  private async follow(): Promise<void> {
    const { announced } = this;
    if (this.lifecycle.state === 'open') {
      this.announced ??= await this.announce(this.lifecycle.socket);
      this.shown ??= this.show();
    } else if (announced) {
      this.announced = undefined;
      this.lastSocket = announced.socket;
      await announced.close();
    }
    this.tellIfOff();
  }

  /** An agent that was connected is not to wait for a server that a person has stopped, or that did not start again. */
  private tellIfOff(): void {
    const { state } = this.lifecycle;
    if ((state !== 'off' && state !== 'failed') || this.isLeaving) {
      this.off?.removeNow();
      this.off = undefined;
    } else if (this.lastSocket !== undefined) this.off ??= tellOff(this.lastSocket, this.said());
  }

  private said() {
    return { kind: 'window', name: vscode.env.appName, folders: localFolders() } as const;
  }

  /** @param socket where a server listens that outlives this window: agents go there, and need not come again */
  private async announce(socket: string | undefined): Promise<Announced> {
    const said = this.said();
    if (socket !== undefined) return pointTo(socket, said);
    return announce({
      ...said,
      doors: {
        wire: (stream, peer) => this.lifecycle.acceptStream(stream, peer),
        mcp: (stream, peer) => this.mcp.acceptStream(stream, peer),
      },
      refused: (message) => this.log.warn(message),
    });
  }

  /** Stays when the server is stopped: what it shows goes on. */
  private show(): ShownCommands | undefined {
    if (process.platform === 'win32') return undefined;
    return new ShownCommands({
      table: this.table,
      folder: discoveryFolder().commands,
      judge: () => this.judge(),
      failed: (message) => this.log.warn(message),
    });
  }

  private judge(): (cwd: string) => boolean {
    const { announced } = this;
    if (!announced) return () => false;
    const windows = liveRecords(discoveryFolder().windows).filter(({ kind }) => kind === 'window');
    return (cwd) => {
      const chosen = chooseWindow(windows, cwd);
      // Several windows may lead to one server.
      return chosen?.socket === announced.socket && chosen.pid === process.pid;
    };
  }

  private step(run: () => Promise<void> | void): void {
    this.steps = this.steps.then(run).catch((error: unknown) => {
      const why = messageOf(error);
      this.log.warn(`Agents may not find this window by its folder: ${why}`);
    });
  }
}
