import type { ProcessOwner } from '../../environment';
import { OWNER_PREFIX } from './prefix';

/** What a client says of itself; untrusted. */
export interface ClientWords {
  readonly name?: unknown;
  readonly title?: unknown;
  readonly version?: unknown;
}

/** A client as people see it. */
export interface McpClient {
  /** That of the owner of its processes. */
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Nothing ends the processes of a client that is silent: those of this protocol need no connection. */
  readonly endsAt: null;
}

/** One that has said nothing for so long, in ms, and waits for nothing, counts as gone. */
const SILENCE_MS = 5 * 60_000;
const MAX_CLIENTS = 256;
const MAX_CHARACTERS = 100;

interface Known {
  readonly owner: ProcessOwner;
  readonly instance: string | undefined;
  readonly since: number;
  /** Requests and streams that are open. */
  open: number;
  lastSeen: number;
}

/** Who has come in, by what they say of themselves: in the protocol's present form there are no sessions. */
export class McpClients {
  private readonly known = new Map<string, Known>();
  private timer: NodeJS.Timeout | undefined;

  /** @param changed called when `list` has changed */
  constructor(private readonly changed: () => void) {}

  get list(): readonly McpClient[] {
    return [...this.known.values()].map(({ owner: { id, name }, since, ...seen }) => {
      return { id, name, connected: isThere(seen), since, endsAt: null };
    });
  }

  /**
   * Notes that a client is at work until the returned function is called.
   *
   * @param instance tells clients apart that say the same of themselves, where the way they came by knows
   */
  enter(words: ClientWords, instance?: string): { owner: ProcessOwner; leave: () => void } {
    const owner = ownerOf(words, instance);
    const known = this.known.get(owner.id) ?? { owner, instance, since: Date.now(), open: 0, lastSeen: 0 };
    const isNew = !isThere(known);
    known.open++;
    this.known.set(owner.id, known);
    if (isNew) this.changed();
    if (this.known.size > MAX_CLIENTS) this.forgetOne();
    let left = false;
    return {
      owner: known.owner,
      leave: () => {
        if (left) return;
        left = true;
        known.open--;
        known.lastSeen = Date.now();
        this.timer ??= setTimeout(() => this.look(), SILENCE_MS + 1000).unref();
      },
    };
  }

  /** Until it comes again. Its instance, where it has one. */
  forget(id: string): string | undefined {
    const instance = this.known.get(id)?.instance;
    if (this.known.delete(id)) this.changed();
    return instance;
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.known.clear();
    this.changed();
  }

  private look(): void {
    this.timer = undefined;
    const waits = [...this.known.values()].some((known) => isThere(known) && known.open === 0);
    if (waits) this.timer = setTimeout(() => this.look(), SILENCE_MS).unref();
    this.changed();
  }

  private forgetOne(): void {
    const oldest = [...this.known].find(([, known]) => !isThere(known)) ?? [...this.known][0];
    if (oldest) this.known.delete(oldest[0]);
  }
}

function isThere({ open, lastSeen }: { readonly open: number; readonly lastSeen: number }): boolean {
  return open > 0 || Date.now() - lastSeen < SILENCE_MS;
}

/** Under whose name a client's processes are, by what it says of itself. */
export function ownerOf({ name, title, version }: ClientWords, instance?: string): ProcessOwner {
  const called = word(name) ?? 'MCP client';
  const id = `${OWNER_PREFIX}${JSON.stringify([called, word(version) ?? '', instance ?? ''])}`;
  const shown = [word(title) ?? called, word(version)].filter(Boolean).join(' ');
  return { id, name: shown, dialect: 'MCP' };
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_CHARACTERS) : undefined;
}
