import * as vscode from 'vscode';
import { DEFAULT_SIZE, type ManagedProcess } from '../../environment/index';
import { terminalName } from '../text/commandLabel';
import { endMark, notes } from '../words';
import { Feed } from './feed';
import { TerminalInput } from './terminalInput';

/** Leaves the alternate screen, shows the cursor, ends mouse, focus and paste reports a dead child asked for. */
const RESET_MODES = '\x18\x1b[?47l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?2004l\x1b[0m';

/** One process on one screen: what it wrote so far, then live. Closing the tab only stops looking. */
export class ProcessTerminal implements vscode.Pseudoterminal {
  private readonly writeEmitter = new vscode.EventEmitter<string>();
  private readonly closeEmitter = new vscode.EventEmitter<number>();
  private readonly nameEmitter = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writeEmitter.event;
  readonly onDidClose = this.closeEmitter.event;
  readonly onDidChangeName = this.nameEmitter.event;
  private readonly sizeEmitter = new vscode.EventEmitter<vscode.TerminalDimensions | undefined>();
  readonly onDidOverrideDimensions = this.sizeEmitter.event;

  private readonly input: TerminalInput;
  private feed: Feed | undefined;

  constructor(
    private readonly process: ManagedProcess,
    private readonly onClosed: () => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.input = new TerminalInput({
      target: process,
      echo: (text) => this.feed?.echo(text),
      closedHint: () => this.feed?.note(notes.stdinClosed()),
      close: () => this.closeEmitter.fire(0),
    });
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions) this.setDimensions(dimensions);
    this.keepSize();
    this.feed = new Feed({
      source: this.process,
      write: (text) => this.writeEmitter.fire(text),
      skippedNote: notes.skipped,
      onReplayed: () => this.input.live(),
      onEnd: () => this.showEnd(),
    });
    this.feed.run().catch(this.onError);
  }

  close(): void {
    this.feed?.dispose();
    for (const emitter of [this.writeEmitter, this.closeEmitter, this.nameEmitter, this.sizeEmitter])
      emitter.dispose();
    this.onClosed();
  }

  handleInput(data: string): void {
    this.input.handle(this.feed?.input(data) ?? data);
  }

  setDimensions({ rows, columns }: vscode.TerminalDimensions): void {
    if (!this.process.spec.tty || this.process.state !== 'running' || rows < 1 || columns < 1) return;
    try {
      this.process.resize({ rows, cols: columns });
    } catch (error) {
      this.onError(error);
    }
  }

  /** A terminal whose size can't be told to its host is shown in the size it has, or lines would wrap wrongly. */
  private keepSize(): void {
    const { spec, resizable } = this.process;
    if (!spec.tty || resizable) return;
    const { rows, cols } = spec.size ?? DEFAULT_SIZE;
    this.sizeEmitter.fire({ rows, columns: cols });
  }

  private showEnd(): void {
    this.writeEmitter.fire(RESET_MODES);
    this.feed?.note(notes.ended(this.process));
    const { spec, place } = this.process;
    this.nameEmitter.fire(`${terminalName(spec.argv, place)} (${endMark(this.process)})`);
    this.input.ended();
  }
}
