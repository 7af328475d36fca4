import type { StdinPipe } from '../child';
import type { Hold, TerminalMode, Waiting, WriteStatus } from '../types';
import { Stdin, type Writer } from './stdin';

/** What may be held of one process; the server bounds it further for each client. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** How often a prompt that hides what is typed is looked at while an agent's input waits for its end, in ms. */
const LOOK_MS = 100;
/**
 * So many looks in a row must find it gone, unless something reads on: sudo shows what is typed for some seconds after
 * a wrong password, and then takes what it finds for the next one or throws it away.
 */
const LOOKS = 50;

/** What is known of the terminal to whose process people and agents type. */
export interface KeyboardMeans {
  /** Undefined where there is no terminal, or the system does not tell. */
  readonly mode: () => TerminalMode | undefined;
  /** What the process was seen to wait for. */
  readonly waits: () => Waiting['kind'] | undefined;
  /** Called after each change of `taken`, and when input of agents begins to be held or is held no more. */
  readonly changed: () => void;
  /** Called when the child has taken so many bytes of somebody; what they were is known nowhere. */
  readonly typed: (by: Writer, bytes: number) => void;
}

/** A keyboard here, or one that a server keeps for several windows. */
export type AnyKeyboard = Pick<Keyboard, keyof Keyboard>;

/**
 * Who types into a process. Agents do, until a person takes the keyboard or a prompt hides what is typed: then what
 * they write waits, in its order, and goes on once. Nothing of what is typed is kept after the child has it.
 */
export class Keyboard {
  readonly #stdin: Stdin;
  /** Until it is given back. */
  #taken = false;
  /** Boxes in which a person types just now. */
  #lent = 0;
  /** The prompts of this process that hide what is typed are a person's to answer. */
  #guarded = false;
  /** A person lets agents answer the prompt that is there. */
  #waived = false;
  #timer: NodeJS.Timeout | undefined;
  #looksLeft = 0;
  #toldHeld = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    pipe: StdinPipe | undefined,
    private readonly means: KeyboardMeans,
  ) {
    this.#stdin = new Stdin(pipe, () => this.hold !== null, means.typed);
  }

  /** Whether a write has a chance. */
  get open(): boolean {
    return this.#stdin.open;
  }

  /** Whether anything was ever written. */
  get written(): boolean {
    return this.#stdin.written;
  }

  /** A person has it, until they give it back. */
  get taken(): boolean {
    return this.#taken;
  }

  /** The person who has it sits at another window, where the process is kept for several: here nobody can type. */
  get takenElsewhere(): boolean {
    return false;
  }

  /** Why what agents write now waits; null if it does not. */
  get hold(): Hold | null {
    if (this.#taken || this.#lent > 0) return 'person';
    if (this.#timer) return 'secret';
    if (!this.#guarded) return null;
    const hides = this.hides;
    this.#waived &&= hides;
    return hides && !this.#waived ? 'secret' : null;
  }

  /** What agents wrote and is held, in bytes; null if nothing is. */
  get heldBytes(): number | null {
    return this.#stdin.anyWaits && this.hold !== null ? this.#stdin.waitingBytes : null;
  }

  /** What is typed now is not to be seen. */
  get hides(): boolean {
    const mode = this.means.mode();
    return (mode && !mode.echo && mode.canonical) ?? this.means.waits() === 'secret';
  }

  /** What is typed now stands in the output for certain. */
  get echoes(): boolean {
    return this.means.mode()?.echo === true;
  }

  /** From now on agents wait at a prompt that hides what is typed, until a person has answered it. */
  guard(): void {
    this.#guarded = true;
  }

  /** A person takes it: what agents write waits. */
  takeOver(): void {
    if (this.#taken || !this.open) return;
    this.#taken = true;
    this.#tell();
  }

  /** Agents have it again, at a prompt that hides what is typed too: what waited goes first. */
  giveBack(): void {
    const was = this.#taken;
    this.#taken = false;
    this.#waived = true;
    this.#stopLooking();
    this.#goOn();
    if (was) this.#tell();
  }

  /** Holds what agents write until it is disposed of: a person types a whole line elsewhere. */
  borrow(): Disposable {
    this.#lent++;
    let isBack = false;
    return {
      [Symbol.dispose]: () => {
        if (isBack) return;
        isBack = true;
        this.#lent--;
        this.#goOn();
      },
    };
  }

  /**
   * An agent writes; see `Stdin.write`. While it is held the promise stays open. Rejects when too much is held already.
   */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    const { hold } = this;
    if (hold !== null && this.#stdin.waitingBytes + chunk.length > MAX_HELD_BYTES)
      return Promise.reject(new Error(tooMuch()));
    const written = this.#stdin.write(chunk, writeId);
    this.#wait(hold);
    return written;
  }

  /**
   * A person types. Their bytes are overwritten once the child has them.
   *
   * @param isSecret as at a prompt that hides what is typed: not even how much it is becomes known
   */
  async type(chunk: Uint8Array, isSecret = this.hides): Promise<WriteStatus> {
    // Before it is answered, for agents may write in the very moment after.
    if (this.#guarded && this.hides) this.#keepLooking();
    try {
      return await this.#stdin.type(chunk, isSecret ? 'secret' : 'person');
    } finally {
      chunk.fill(0);
    }
  }

  /** A terminal answers what its program has asked. */
  reply(chunk: Uint8Array): Promise<WriteStatus> {
    return this.#stdin.type(chunk, 'terminal');
  }

  /** Ends the input behind what is queued; types Ctrl-D into a terminal. */
  end(isTerminal: boolean, by: 'agent' | 'person'): Promise<WriteStatus> {
    const { hold } = this;
    const result = this.#stdin.closeStdin(isTerminal, by);
    if (by === 'agent') this.#wait(hold);
    return result;
  }

  /** Calls `listener` after each change of `taken` and of whether something is held, until the end; returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The child ended: whatever still waits is answered `stdinClosed`. */
  destroy(): void {
    this.#taken = false;
    this.#stopLooking();
    this.#stdin.destroy();
    this.#listeners.clear();
  }

  /** Sees to it that what has just been queued goes on some time. */
  #wait(hold: Hold | null): void {
    if (hold === 'secret' && !this.#timer && this.#stdin.anyWaits) this.#keepLooking();
    this.#tellHeld();
  }

  #keepLooking(): void {
    this.#looksLeft = LOOKS;
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Somebody reads by keys, or was seen to wait for what is shown. */
  get #readsOn(): boolean {
    const waits = this.means.waits();
    return this.means.mode()?.canonical === false || (waits !== undefined && waits !== 'secret');
  }

  #look(): void {
    if (this.hides) this.#looksLeft = LOOKS;
    else this.#looksLeft = this.#readsOn ? 0 : this.#looksLeft - 1;
    if (this.#looksLeft > 0) return;
    this.#stopLooking();
    this.#goOn();
  }

  #stopLooking(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #goOn(): void {
    this.#stdin.go();
    // A prompt may be there by now.
    this.#wait(this.hold);
  }

  #tellHeld(): void {
    if (this.#toldHeld === (this.heldBytes !== null)) return;
    this.#toldHeld = !this.#toldHeld;
    this.#tell();
  }

  #tell(): void {
    this.means.changed();
    for (const listener of this.#listeners) listener();
  }
}

function tooMuch(): string {
  return (
    `a person has the keyboard, and ${MAX_HELD_BYTES} bytes, which is the limit, wait for it already; ` +
    'try again when they have given it back'
  );
}
