import type * as vscode from 'vscode';
import type { Environments } from '../../hub';
import { settings } from '../settings';
import type { Log } from '../show/log';

/** One machine that was connected and is lost. */
interface Lost {
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/** Connects to lost machines again, as often and as long as the settings say; a person who does it first is quicker. */
export class Reconnecting implements vscode.Disposable {
  private readonly connected = new Set<string>();
  private readonly lost = new Map<string, Lost>();
  /** Whoever does not answer when asked for a machine is not to be asked again by itself. */
  private readonly declined = new Set<string>();
  private readonly listening: vscode.Disposable;
  private readonly changed = (): void => this.look();

  constructor(
    private readonly environments: Environments,
    onDeclined: vscode.Event<string>,
    private readonly log: Log,
  ) {
    this.listening = onDeclined((id) => this.declined.add(id));
    environments.on('changed', this.changed);
  }

  dispose(): void {
    this.environments.off('changed', this.changed);
    this.listening.dispose();
    for (const { timer } of this.lost.values()) clearTimeout(timer);
  }

  private look(): void {
    const ids = new Set(this.environments.entries.good.map(({ id }) => id));
    for (const id of [...this.connected, ...this.lost.keys()]) if (!ids.has(id)) this.forget(id);
    for (const id of ids) {
      const state = this.environments.state(id);
      if (state === 'connected') {
        this.forget(id);
        this.connected.add(id);
      } else if (state === 'lost' && this.connected.delete(id)) this.wait(id, performance.now());
    }
  }

  private forget(id: string): void {
    clearTimeout(this.lost.get(id)?.timer);
    this.lost.delete(id);
    this.connected.delete(id);
  }

  private wait(id: string, since: number): void {
    if (performance.now() - since >= settings.reconnectMs()) {
      this.lost.delete(id);
      return;
    }
    const timer = setTimeout(() => void this.attempt(id, since), settings.reconnectPauseMs());
    this.lost.set(id, { since, timer });
  }

  private async attempt(id: string, since: number): Promise<void> {
    // Whoever disconnects does not want it back.
    const state = this.environments.state(id);
    const isWanted = state === 'lost' || this.environments.environment(id)?.problem !== undefined;
    if (!isWanted || state === 'connecting' || state === 'connected') {
      this.forget(id);
      return;
    }
    this.log.info(`Environment ${id}: connecting again by itself`);
    this.declined.delete(id);
    try {
      await this.environments.connect(id);
    } catch {
      if (this.declined.has(id)) this.forget(id);
      else this.wait(id, since);
    }
  }
}
