import type { ManagedProcess, ProcessOwner, ProcessTable, Writer } from '../environment';
import type { Agent, Deed, RanCommand } from './happening';

/** Most characters of a command that are recorded. */
const COMMAND_CHARACTERS = 4096;
/** What one writer types within so long is one line, in ms. */
const TOGETHER_MS = 2000;

/** A client of the server. */
export interface Client extends Agent {
  readonly connected: boolean;
}

/** What somebody has typed and is not told yet. */
interface Typing {
  readonly by: Exclude<Writer, 'terminal'>;
  bytes: number;
  timer: NodeJS.Timeout;
}

/** What is known of a row, to see what is new. */
interface Seen {
  ended: boolean;
  taken: boolean;
  typing?: Typing | undefined;
}

/** Watches the processes and clients of a window, and tells what they do. */
export class Recorder implements Disposable {
  private readonly rows = new Map<ManagedProcess, Seen>();
  private clients: ReadonlyMap<string, Client> = new Map();

  constructor(
    private readonly table: ProcessTable,
    private readonly tell: (deed: Deed) => void,
  ) {
    table.on('added', this.added).on('changed', this.changed).on('removed', this.removed);
    table.on('typed', this.typed);
  }

  [Symbol.dispose](): void {
    this.table.off('added', this.added).off('changed', this.changed).off('removed', this.removed);
    this.table.off('typed', this.typed);
    for (const process of this.rows.keys()) this.forget(process);
  }

  /** Those who are there now, with or without a connection. */
  seeClients(clients: readonly Client[]): void {
    const before = this.clients;
    this.clients = new Map(clients.map((client) => [client.id, client]));
    for (const client of clients) {
      if (client.connected === (before.get(client.id)?.connected ?? false)) continue;
      this.tell({ kind: client.connected ? 'connected' : 'disconnected', agent: agentOf(client) });
    }
    for (const [id, client] of before)
      if (!this.clients.has(id)) this.tell({ kind: 'left', agent: agentOf(client) });
  }

  private readonly added = (process: ManagedProcess): void => {
    // What happens to it is told where it is kept.
    if (process.isKept) return;
    const agent = agentOf(process.owner);
    const { noStart } = process;
    if (noStart) {
      const failed = noStart.why === 'failed' ? { failed: true as const } : {};
      this.tell({ kind: 'refused', agent, reason: noStart.reason, ...failed, ...commandOf(process) });
      return;
    }
    this.rows.set(process, { ended: false, taken: false });
    this.tell({ kind: 'ran', agent, ...commandOf(process) });
  };

  private readonly changed = (process: ManagedProcess): void => {
    const seen = this.rows.get(process);
    if (!seen) return;
    const { taken } = process.keyboard;
    if (taken !== seen.taken && !seen.ended && (taken || process.state === 'running')) {
      this.tellTyped(process);
      const agent = agentOf(process.owner);
      this.tell({ kind: taken ? 'tookKeyboard' : 'gaveBack', row: process.id, agent });
    }
    seen.taken = taken;
    if (process.endedAt !== null && !seen.ended) {
      seen.ended = true;
      this.tellTyped(process);
      this.tellEnd(process);
    }
    if (process.closed) this.forget(process);
  };

  private readonly removed = (process: ManagedProcess): void => this.forget(process);

  private readonly typed = (process: ManagedProcess, by: Writer, bytes: number): void => {
    const seen = this.rows.get(process);
    // A terminal answers by itself: nobody has typed that.
    if (!seen || by === 'terminal') return;
    if (seen.typing?.by !== by) this.tellTyped(process);
    const tell = (): NodeJS.Timeout => setTimeout(() => this.tellTyped(process), TOGETHER_MS).unref();
    const typing = (seen.typing ??= { by, bytes: 0, timer: tell() });
    typing.bytes += bytes;
    if (by !== 'secret') return;
    // Until it is over: several lines would say how long it is.
    clearTimeout(typing.timer);
    typing.timer = tell();
  };

  private forget(process: ManagedProcess): void {
    this.tellTyped(process);
    this.rows.delete(process);
  }

  private tellTyped(process: ManagedProcess): void {
    const seen = this.rows.get(process);
    if (!seen?.typing) return;
    const { by, bytes, timer } = seen.typing;
    clearTimeout(timer);
    seen.typing = undefined;
    const [row, agent] = [process.id, agentOf(process.owner)];
    // How long a secret is says something of it.
    if (by === 'secret') this.tell({ kind: 'typed', row, agent, by: 'person' });
    else this.tell({ kind: 'typed', row, agent, by, bytes });
  }

  private tellEnd(process: ManagedProcess): void {
    const { id: row, state, exitCode, exitSignal, startedAt, endedAt, stoppedBy, problem } = process;
    if (state === 'running' || state === 'unstarted') return;
    this.tell({
      kind: 'ended',
      row,
      agent: agentOf(process.owner),
      state,
      exitCode,
      signal: exitSignal,
      ms: (endedAt ?? startedAt) - startedAt,
      ...(stoppedBy && { by: stoppedBy }),
      ...(process.sandboxDenied && { denied: true }),
      ...(problem !== null && { problem }),
    });
  }
}

function agentOf({ id, name }: ProcessOwner | Client): Agent {
  return { id, name };
}

function commandOf({ id, spec, environmentId }: ManagedProcess): RanCommand {
  let room = COMMAND_CHARACTERS;
  const argv: string[] = [];
  for (const word of spec.argv) {
    if (room <= 0) break;
    argv.push(word.slice(0, room));
    room -= word.length;
  }
  return {
    row: id,
    argv,
    cwd: spec.cwd.slice(0, COMMAND_CHARACTERS),
    ...(environmentId !== null && { environment: environmentId }),
    ...(spec.label !== undefined && { label: spec.label.slice(0, COMMAND_CHARACTERS) }),
  };
}
