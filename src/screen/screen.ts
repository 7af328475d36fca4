import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal, type IMarker } from '@xterm/headless';
import { Charsets } from './charsets';
import { internalsOf } from './internals';
import { restore } from './restore';
import { Unseen } from './unseen';
import type { ScreenOptions, ScreenText, Snapshot } from './messages';

/** A terminal that nobody looks at: takes what one would be sent, and tells how to get another one as far. */
export class Screen {
  private readonly terminal: Terminal;
  private readonly unseen: Unseen;
  private charsets: Charsets | undefined;
  private readonly headerLine: IMarker | undefined;
  private trimmedLines = 0;

  constructor(private readonly options: ScreenOptions) {
    const { cols, rows, scrollback, tabStopWidth, unicodeVersion } = options;
    this.terminal = new Terminal({
      cols,
      rows,
      scrollback,
      tabStopWidth,
      allowProposedApi: true,
      logLevel: 'off',
    });
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = unicodeVersion;
    this.unseen = new Unseen(this.terminal.parser);
    internalsOf(this.terminal).buffers.normal.lines.onTrim((count) => (this.trimmedLines += count));
    this.headerLine = options.header && this.terminal.registerMarker(0);
  }

  /** Resolves when it has been taken in. */
  async write(output: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.terminal.write(output, resolve));
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows);
  }

  snapshot(): Snapshot {
    const { terminal, trimmedLines } = this;
    const { header, scrollback } = this.options;
    const internals = internalsOf(terminal);
    const { normal } = internals.buffers;
    const line = this.headerLine?.isDisposed === false ? this.headerLine.line : -1;
    // A header that has left is put in front, with a line that says so, instead of the oldest lines.
    const isInFront = trimmedLines > 0 && header !== undefined;
    const room = scrollback + terminal.rows - (isInFront ? header.linesInFront : 0);
    const from = Math.max(0, normal.lines.length - room);
    const insert = header && line >= from ? { ...header, line } : undefined;
    const text = restore(internals, {
      nullCell: terminal.buffer.active.getNullCell(),
      charsets: (this.charsets ??= knownCharsets()),
      convertsEol: terminal.options.convertEol ?? false,
      from,
      insert,
    });
    const { x: column } = internals.buffers.active;
    return { text: text + this.unseen.restore(), earlierLines: trimmedLines + from, column };
  }

  /** What it shows now, for those who read lines. */
  view(): ScreenText {
    const { rows, cols, buffer } = this.terminal;
    const { active } = buffer;
    const all = Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row));
    const lines = all.map((line) => line?.translateToString(true) ?? '');
    while (lines.at(-1) === '') lines.pop();
    return {
      rows,
      cols,
      cursorRow: active.cursorY + 1,
      cursorColumn: active.cursorX + 1,
      isAlternate: active.type === 'alternate',
      lines,
    };
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

function knownCharsets(): Charsets {
  const scratch = new Terminal({ cols: 2, rows: 1 });
  const charsets = new Charsets(internalsOf(scratch));
  scratch.dispose();
  return charsets;
}
