import * as vscode from 'vscode';
import { DEFAULT_SIZE, type ManagedProcess, type TerminalSize, type Viewer } from '../../environment';
import { takeOverByTyping } from '../keyboard/takeOver';
import { terminalLooks } from '../settings';
import type { TabName } from '../text/plain';
import { notes } from './notes';
import { Feed } from './feed';
import { RESET } from './ground';
import { isReport } from './marks';
import type { FeedSource } from './replay';
import { ScreenThread } from './screenThread';
import { tabName } from './tabName';
import { terminalHeader, type TerminalHeader } from './terminalHeader';
import { TerminalInput } from './terminalInput';

/** How long a terminal may take to tell how large it is. */
const LAYOUT_MS = 500;

/** What its owner wants to know of a terminal. */
export interface TerminalEvents {
  /** It is closed or about to be, by whomever; called once. */
  closed(): void;
  /** A person has typed into it. */
  typed(): void;
  failed(error: unknown): void;
}

/** One process on one screen: what it wrote so far, then live. Closing the tab only stops looking. */
export class ProcessTerminal implements vscode.Pseudoterminal {
  private readonly writeEmitter = new vscode.EventEmitter<string>();
  private readonly closeEmitter = new vscode.EventEmitter<number>();
  private readonly nameEmitter = new vscode.EventEmitter<TabName>();
  readonly onDidWrite = this.writeEmitter.event;
  readonly onDidClose = this.closeEmitter.event;
  readonly onDidChangeName = this.nameEmitter.event;
  private readonly sizeEmitter = new vscode.EventEmitter<vscode.TerminalDimensions | undefined>();
  readonly onDidOverrideDimensions = this.sizeEmitter.event;

  private readonly input: TerminalInput;
  private feed: Feed | undefined;
  private header: TerminalHeader | undefined;
  /** The size of the panel, and the one that counts instead if there is one. */
  private size: TerminalSize = DEFAULT_SIZE;
  private fixed: TerminalSize | undefined;
  private starting: NodeJS.Timeout | undefined;
  private viewer: Viewer | undefined;
  private unfollow: (() => void) | undefined;
  private isClosed = false;

  /** @param nonce what the editor gives the terminal, as a proof that marks are ours */
  constructor(
    private readonly process: ManagedProcess,
    private readonly nonce: string,
    private readonly events: TerminalEvents,
  ) {
    this.input = new TerminalInput({
      target: process,
      echo: (text) => this.feed?.echo(text),
      closedHint: () => this.feed?.note(notes.stdinClosed()),
      lostHint: () => this.feed?.note(notes.lost(process.environmentId ?? vscode.l10n.t('the kept server'))),
      elsewhereHint: () => this.feed?.note(notes.elsewhere()),
      close: () => {
        this.closeEmitter.fire(0);
        this.close();
      },
    });
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.viewer = this.process.view({ fixedSize: (size) => this.fixSize(size) });
    // Not known before the panel has been laid out: what is drawn depends on it.
    if (dimensions) this.setDimensions(dimensions);
    else this.starting = setTimeout(() => this.start(), LAYOUT_MS);
    this.keepSize();
    this.unfollow = this.process.keyboard.onChange(() => this.nameEmitter.fire(tabName(this.process)));
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.starting);
    this.unfollow?.();
    this.feed?.dispose();
    this.viewer?.[Symbol.dispose]();
    for (const emitter of [this.writeEmitter, this.closeEmitter, this.nameEmitter, this.sizeEmitter])
      emitter.dispose();
    this.events.closed();
  }

  handleInput(data: string): void {
    const typed = this.feed?.input(data) ?? data;
    if (typed && isReport(typed)) this.viewer?.answered(typed);
    else if (typed) this.tookKeyboard(typed);
    this.input.handle(typed);
  }

  private tookKeyboard(typed: string): void {
    this.events.typed();
    takeOverByTyping(this.process, typed);
    if (this.process.state === 'running' && this.process.resizable) this.viewer?.takeKeyboard();
  }

  setDimensions({ rows, columns }: vscode.TerminalDimensions): void {
    if (rows < 1 || columns < 1) return;
    this.size = { rows, cols: columns };
    if (this.process.state === 'running' && this.process.resizable) {
      try {
        this.viewer?.resize(this.size);
      } catch (error) {
        this.events.failed(error);
      }
    }
    this.start();
  }

  /** Once it is known how large the terminal is. */
  private start(): void {
    if (this.feed) return;
    clearTimeout(this.starting);
    const { process } = this;
    const size = (): TerminalSize => this.shownSize();
    this.header = terminalHeader(process, size().cols, this.nonce);
    const { before, behind, below, linesInFront } = this.header;
    const marks = { before, behind, below, linesInFront };
    this.feed = new Feed({
      source: feedSource(process),
      write: (text) => this.writeEmitter.fire(text),
      header: this.header,
      openScreen: (first) => new ScreenThread({ ...first, ...terminalLooks(), header: marks }),
      size,
      notes,
      onLive: () => this.viewer?.live(),
      onEnd: () => this.showEnd(),
    });
    this.feed.run().catch((error: unknown) => this.events.failed(error));
  }

  /** A terminal whose size can't be told to its host is shown in the size it has, or lines would wrap wrongly. */
  private keepSize(): void {
    const { spec, state, resizable } = this.process;
    if (spec.tty && state === 'running' && !resizable) this.fixSize(spec.size ?? DEFAULT_SIZE);
  }

  /** The editor makes a terminal no larger than its panel, whatever it is told. */
  private shownSize(): TerminalSize {
    const { fixed, size } = this;
    if (!fixed) return size;
    return { rows: Math.min(fixed.rows, size.rows), cols: Math.min(fixed.cols, size.cols) };
  }

  /** Also what the agent asked for is shown as it is; undefined for the size of the panel. */
  private fixSize(size: TerminalSize | undefined): void {
    this.fixed = size;
    this.sizeEmitter.fire(size && { rows: size.rows, columns: size.cols });
  }

  private showEnd(): void {
    this.writeEmitter.fire(RESET);
    this.feed?.note(notes.ended(this.process), this.header?.end(this.process.exitCode));
    this.nameEmitter.fire(tabName(this.process));
    this.input.ended();
  }
}

function feedSource(process: ManagedProcess): FeedSource {
  return {
    read: (options) => process.read(options),
    subscribeWake: (listener) => process.subscribeWake(listener),
    get totalBytes() {
      return process.totalBytes;
    },
    get memoryCursor() {
      return process.memoryCursor;
    },
    get sizes() {
      return process.spec.tty ? process.sizes.changes : [];
    },
  };
}
