import type { AnyKeyboard, Hold, WriteStatus } from '../../environment';
import type { KeyboardFacts, RowVerb } from '../messages';

/** Asks the server about this process. */
export type AskRow = (verb: RowVerb, body?: Uint8Array, left?: () => void) => Promise<unknown>;

/** The keyboard of a process that a server keeps, for it knows who types, from whichever window. */
export class KeptKeyboard implements AnyKeyboard {
  private readonly listeners = new Set<() => void>();
  private ended = false;

  constructor(
    private facts: KeyboardFacts,
    private readonly ask: AskRow,
  ) {}

  /** The server has told how it is now. */
  told(facts: KeyboardFacts): void {
    const before = this.facts;
    this.facts = facts;
    const isOther =
      before.taken !== facts.taken ||
      before.elsewhere !== facts.elsewhere ||
      (before.heldBytes === null) !== (facts.heldBytes === null);
    if (isOther) for (const listener of [...this.listeners]) listener();
  }

  get open(): boolean {
    return !this.ended && this.facts.open;
  }

  get written(): boolean {
    return this.facts.written;
  }

  get taken(): boolean {
    return !this.ended && this.facts.taken;
  }

  get takenElsewhere(): boolean {
    return this.taken && this.facts.elsewhere;
  }

  get hold(): Hold | null {
    return this.ended ? null : this.facts.hold;
  }

  get heldBytes(): number | null {
    return this.ended ? null : this.facts.heldBytes;
  }

  get hides(): boolean {
    return this.facts.hides;
  }

  get echoes(): boolean {
    return this.facts.echoes;
  }

  /** Where it is kept somebody guards it already. */
  guard(): void {
    return undefined;
  }

  takeOver(): void {
    if (!this.taken && this.open) this.tell({ verb: 'takeOver' });
  }

  giveBack(): void {
    this.tell({ verb: 'giveBack' });
  }

  borrow(): Disposable {
    this.tell({ verb: 'borrow' });
    let isBack = false;
    return {
      [Symbol.dispose]: () => {
        if (!isBack) this.tell({ verb: 'return' });
        isBack = true;
      },
    };
  }

  async write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    return this.status({ verb: 'write', ...(writeId !== undefined && { writeId }) }, Buffer.from(chunk));
  }

  /** The bytes are overwritten once they have left. Rejects with a sentence if a person types at another window. */
  async type(chunk: Uint8Array, isSecret?: boolean): Promise<WriteStatus> {
    const verb = { verb: 'type', ...(isSecret !== undefined && { isSecret }) } as const;
    return this.status(verb, chunk, () => chunk.fill(0));
  }

  async reply(chunk: Uint8Array): Promise<WriteStatus> {
    return this.status({ verb: 'reply' }, chunk);
  }

  async end(_isTerminal: boolean, by: 'agent' | 'person'): Promise<WriteStatus> {
    return this.status({ verb: 'closeStdin', by });
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  destroy(): void {
    this.ended = true;
    this.listeners.clear();
  }

  private async status(verb: RowVerb, body?: Uint8Array, left?: () => void): Promise<WriteStatus> {
    if (this.ended) {
      left?.();
      return 'stdinClosed';
    }
    return (await this.ask(verb, body, left)) as WriteStatus;
  }

  /** What cannot be done is seen by what the server tells next. */
  private tell(verb: RowVerb): void {
    this.ask(verb).catch(() => undefined);
  }
}
