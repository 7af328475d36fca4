import type { WriteStatus } from '../../environment';
import { CTRL_C, LineEditor } from './lineEditor';
import { isReport } from './marks';

/** The process as far as a keyboard goes. */
export interface KeyboardTarget {
  readonly state: string;
  readonly stdinOpen: boolean;
  readonly spec: { readonly tty: boolean };
  readonly keyboard: { reply(chunk: Uint8Array): Promise<WriteStatus>; readonly takenElsewhere: boolean };
  type(chunk: Uint8Array): Promise<WriteStatus>;
  closeStdin(by: 'person'): Promise<WriteStatus>;
  interrupt(): void;
}

export interface TerminalInputOptions {
  readonly target: KeyboardTarget;
  readonly echo: (text: string) => void;
  /** Says once that nothing can be typed. */
  readonly closedHint: () => void;
  /** Says that the machine is lost, to which keys would go. */
  readonly lostHint: () => void;
  /** Says that another window has the keyboard. */
  readonly elsewhereHint: () => void;
  /** A key after the end. */
  readonly close: () => void;
}

/** Keys so soon after the end were meant for the process. */
const AFTERGLOW_MS = 600;
/** Keys so soon after another belong together. */
const BURST_MS = 2000;

/** Decides what becomes of what comes from a terminal: keys, pasted text, and the terminal's own answers. */
export class TerminalInput {
  private readonly editor = new LineEditor();
  private hinted = false;
  private endedAt: number | undefined;
  private refusedAt = -Infinity;

  constructor(private readonly options: TerminalInputOptions) {}

  ended(now = Date.now()): void {
    this.endedAt ??= now;
  }

  /** @param data without the answers to our own marks */
  handle(data: string, now = Date.now()): void {
    if (!data) return;
    const { target } = this.options;
    const report = isReport(data);
    if (this.endedAt !== undefined && target.state === 'lost') {
      // Whoever types on does not know it yet; a key that closes the tab would hide it.
      if (!report) this.refuse(this.options.lostHint, now);
    } else if (this.endedAt !== undefined) {
      if (!report && now - this.endedAt > AFTERGLOW_MS) this.options.close();
    } else if (report && !target.spec.tty) {
      // An answer to a question that a pipe can't have asked.
    } else if (target.state !== 'running') {
      // Grandchildren still write; nobody reads.
    } else if (report) void target.keyboard.reply(Buffer.from(data)).catch(() => undefined);
    else if (target.spec.tty) this.send(data);
    else if (target.stdinOpen) this.typeLine(data);
    else if (data === CTRL_C) this.interrupt();
    else this.hint();
  }

  private typeLine(data: string): void {
    for (const action of this.editor.type(data)) {
      if (action.type === 'echo') this.options.echo(action.text);
      else if (action.type === 'send') this.send(action.text);
      else if (action.type === 'interrupt') this.options.target.interrupt();
      else void this.options.target.closeStdin('person').catch(() => undefined);
    }
  }

  private interrupt(): void {
    this.options.echo('^C\r\n');
    this.options.target.interrupt();
  }

  private send(text: string): void {
    this.options.target.type(Buffer.from(text)).then(
      (status) => {
        if (status !== 'accepted' && this.options.target.state === 'running') this.hint();
      },
      () => {
        const { keyboard } = this.options.target;
        if (keyboard.takenElsewhere) this.refuse(this.options.elsewhereHint, Date.now());
        else this.hint();
      },
    );
  }

  /** Once for each burst of keys. */
  private refuse(say: () => void, now: number): void {
    if (now - this.refusedAt > BURST_MS) say();
    this.refusedAt = now;
  }

  private hint(): void {
    if (this.hinted) return;
    this.hinted = true;
    this.options.closedHint();
  }
}
