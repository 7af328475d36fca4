import { setImmediate as turn } from 'node:timers/promises';
import { isForeign, type AnyChild } from './child';
import { Keyboard, type AnyKeyboard } from './input/keyboard';
import type { Writer } from './input/stdin';
import { ListedProcess } from './listedProcess';
import { watchInput } from './needs/inputNeeds';
import type { InputWatch } from './needs/inputWatch';
import type { OutputLog } from './output/outputLog';
import type { Hold, NeededInput, ProcessIdentity, Waiting, WriteResponse, WriteStatus } from './types';

/** What can be typed into a process, by whom, and what it waits for. */
export class TypedProcess extends ListedProcess {
  /** Who types into it. */
  readonly keyboard: AnyKeyboard;
  protected watch: InputWatch | undefined;

  /**
   * @param changed called after each change of `waiting` and of who has the keyboard
   * @param typed called when the child has taken so many bytes of somebody
   */
  constructor(
    identity: ProcessIdentity,
    private readonly isTerminal: boolean,
    child: AnyChild,
    log: OutputLog,
    private readonly changed: () => void,
    typed: (by: Writer, bytes: number) => void,
  ) {
    super(identity, child, log);
    if (this.kept) {
      this.keyboard = this.kept.keyboard;
      this.keyboard.onChange(changed);
      return;
    }
    this.keyboard = new Keyboard(child.stdin, {
      mode: () => (isForeign(child) ? undefined : child.terminalSide?.mode()),
      waits: () => this.waiting?.kind,
      changed,
      typed,
    });
  }

  /** What it sleeps for that somebody could type; known half a second after its output has gone quiet. */
  get waiting(): Waiting | null {
    return this.watch?.waiting ?? null;
  }

  /** What a person must type for the process to go on; null while it runs, waits at a shell's prompt, or has ended. */
  get needsInput(): NeededInput | null {
    const { waiting } = this;
    return waiting === null || waiting.kind === 'prompt' ? null : { ...waiting, kind: waiting.kind };
  }

  /** Calls `listener` after each change of `waiting`, until the process has ended; returns the way to stop. */
  onWaiting(listener: () => void): () => void {
    return this.watch?.onChange(listener) ?? (() => undefined);
  }

  /** Whether a write has a chance. */
  get stdinOpen(): boolean {
    return this.keyboard.open;
  }

  /** Why what an agent writes now waits, though it is accepted; null if it does not. */
  get hold(): Hold | null {
    return this.keyboard.hold;
  }

  /**
   * An agent writes. Resolves when the child's pipe took all of it, which may be long after while it is held (`hold`);
   * `stdinClosed` without a stdin and after the exit. Rejects with the words of another host that refuses it or cannot
   * be reached, and when too much is held.
   */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    this.watch?.stir();
    return this.keyboard.write(chunk, writeId);
  }

  /**
   * Writes `chunk` as an agent, or closes stdin without one. Resolves at once, with `held`, if agents' input is held.
   * Rejects with the words of another host that refuses it or cannot be reached, and when too much is held.
   */
  async submit(chunk?: Uint8Array): Promise<WriteResponse> {
    const { hold } = this;
    const written = chunk ? this.write(chunk) : this.closeStdin();
    if (hold === null) return { status: await written };
    // What cannot be held is answered within a turn; what fails later, nobody waits for.
    written.catch(() => undefined);
    const status = await Promise.race([written, turn('accepted' as const)]);
    return status === 'accepted' ? { status, held: hold } : { status };
  }

  /**
   * A person types, and is never held. The bytes are overwritten once they are written. Rejects as `write` does.
   *
   * @param isSecret nobody is to know how much it is; where a prompt hides it, and nothing is said, it is
   */
  type(chunk: Uint8Array, isSecret?: boolean): Promise<WriteStatus> {
    this.watch?.stir();
    return this.keyboard.type(chunk, isSecret);
  }

  /** Ends stdin after what is queued; types Ctrl-D into a terminal. Held as writes are. Rejects as `write` does. */
  closeStdin(by: 'agent' | 'person' = 'agent'): Promise<WriteStatus> {
    return this.keyboard.end(this.isTerminal, by);
  }

  /** Begins to look whether it waits for input. */
  protected watchFor(child: AnyChild): void {
    if (this.shown && !this.kept) return;
    this.watch = watchInput(child, this.log, this.isTerminal, this.keyboard);
    this.watch?.onChange(this.changed);
  }
}
