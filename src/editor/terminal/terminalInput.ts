import type { WriteStatus } from '../../environment/index';
import { LineEditor } from './lineEditor';
import { isReport } from './marks';

/** The process as far as a keyboard goes. */
export interface KeyboardTarget {
  readonly state: string;
  readonly stdinOpen: boolean;
  readonly spec: { readonly tty: boolean };
  write(chunk: Uint8Array): Promise<WriteStatus>;
  closeStdin(): Promise<WriteStatus>;
  interrupt(): void;
}

export interface TerminalInputOptions {
  readonly target: KeyboardTarget;
  readonly echo: (text: string) => void;
  /** Says once that nothing can be typed. */
  readonly closedHint: () => void;
  /** A key after the end. */
  readonly close: () => void;
}

const CTRL_C = '\x03';
/** Keys so soon after the end were meant for the process. */
const AFTERGLOW_MS = 600;

/** Decides what becomes of what comes from a terminal: keys, pasted text, and the terminal's own answers. */
export class TerminalInput {
  private readonly editor = new LineEditor();
  private hinted = false;
  private replaying = true;
  private endedAt: number | undefined;

  constructor(private readonly options: TerminalInputOptions) {}

  /** From now on answers of the terminal are answers to questions that the child waits for. */
  live(): void {
    this.replaying = false;
  }

  ended(now = Date.now()): void {
    this.endedAt ??= now;
  }

  /** @param data without the answers to our own marks */
  handle(data: string, now = Date.now()): void {
    if (!data) return;
    const { target } = this.options;
    const report = isReport(data);
    if (this.endedAt !== undefined) {
      if (!report && now - this.endedAt > AFTERGLOW_MS) this.options.close();
    } else if (report && (this.replaying || !target.spec.tty)) {
      // An answer to a question of the past, or one that a pipe can't have asked for.
    } else if (target.state !== 'running') {
      // Grandchildren still write; nobody reads.
    } else if (target.spec.tty) this.send(data);
    else if (target.stdinOpen) this.typeLine(data);
    else if (data === CTRL_C) this.interrupt();
    else this.hint();
  }

  private typeLine(data: string): void {
    for (const action of this.editor.type(data)) {
      if (action.type === 'echo') this.options.echo(action.text);
      else if (action.type === 'send') this.send(action.text);
      else if (action.type === 'interrupt') this.options.target.interrupt();
      else void this.options.target.closeStdin().catch(() => undefined);
    }
  }

  private interrupt(): void {
    this.options.echo('^C\r\n');
    this.options.target.interrupt();
  }

  private send(text: string): void {
    this.options.target.write(Buffer.from(text)).then(
      (status) => {
        if (status !== 'accepted' && this.options.target.state === 'running') this.hint();
      },
      () => this.hint(),
    );
  }

  private hint(): void {
    if (this.hinted) return;
    this.hinted = true;
    this.options.closedHint();
  }
}
