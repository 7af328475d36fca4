import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import { openTab, TabLink, type Tab } from '../show/tab';
import type { Log } from '../show/log';
import { clientLabel } from '../tree/clientName';
import { headerText, openOutputText } from './headerWords';
import { ProcessTerminal } from './processTerminal';
import { tabIcon, tabName } from './tabName';

/** Two clicks on a row within this time are a double click. */
const DOUBLE_CLICK_MS = 500;

/** What a tab gives way to: the next row that is looked at, or the next one that is revealed by the setting. */
type Passing = 'peek' | 'reveal';

interface Open {
  readonly process: ManagedProcess;
  readonly pty: ProcessTerminal;
  /** A moment later than the rest for a terminal that the editor itself makes. */
  terminal: vscode.Terminal | undefined;
  /** Undefined once a person wants it to stay. */
  passing: Passing | undefined;
  /** The editor has it. */
  isOpen: boolean;
  /** On the clock of `performance`. */
  peekedAt: number;
}

class OutputLink extends TabLink {
  constructor(
    startIndex: number,
    length: number,
    readonly process: ManagedProcess,
  ) {
    super(startIndex, length);
  }
}

/** At most one terminal for each process, and at most one tab of each kind that nobody asked to stay. */
export class Terminals implements vscode.Disposable {
  private readonly open = new Map<string, Open>();
  /** For each kind the one that the others give way to. */
  private readonly latest = new Map<Passing, Open>();
  private readonly subscriptions = [
    vscode.window.onDidOpenTerminal((terminal) => this.opened(terminal)),
    // Not the pty's `close`: the editor does not call it when the pty itself has asked for its end.
    vscode.window.onDidCloseTerminal((terminal) => {
      for (const entry of this.open.values()) if (entry.terminal === terminal) entry.pty.close();
    }),
    vscode.window.registerTerminalLinkProvider(this.outputLinks()),
  ];

  constructor(
    private readonly log: Log,
    private readonly openOutput: (process: ManagedProcess) => void,
  ) {}

  /** Opens the process's terminal for good, or brings it to the front, and takes the focus there. */
  show(process: ManagedProcess): void {
    const entry = this.known(process) ?? this.create(process);
    entry.passing = undefined;
    entry.terminal?.show();
  }

  /** Shows it until another one is looked at, without the focus; the second time of a double click it stays. */
  peek(process: ManagedProcess): void {
    const entry = this.glance(process, 'peek');
    const now = performance.now();
    if (now - entry.peekedAt < DOUBLE_CLICK_MS) entry.passing = undefined;
    entry.peekedAt = now;
  }

  /** Shows it until the next one is revealed, without the focus. */
  reveal(process: ManagedProcess): void {
    this.glance(process, 'reveal');
  }

  /** What the terminal in front shows, if it is one of these. */
  get inFront(): ManagedProcess | undefined {
    const front = vscode.window.activeTerminal;
    return front && [...this.open.values()].find(({ terminal }) => terminal === front)?.process;
  }

  /** Closes the tabs of what has ended. */
  closeFinished(): void {
    for (const entry of this.open.values()) if (entry.process.state !== 'running') this.close(entry);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const entry of this.open.values()) this.close(entry);
  }

  /** For a terminal that the editor is about to make itself. */
  options(process: ManagedProcess): Tab {
    return this.prepare(process).options;
  }

  /** In the first line of a terminal that shows less than there is. */
  private outputLinks(): vscode.TerminalLinkProvider<OutputLink> {
    return {
      provideTerminalLinks: ({ line, terminal }) => {
        const text = openOutputText();
        const startIndex = headerText.isEarlier(line) ? line.indexOf(text) : -1;
        const entry = [...this.open.values()].find((one) => one.terminal === terminal);
        return startIndex < 0 || !entry ? [] : [new OutputLink(startIndex, text.length, entry.process)];
      },
      handleTerminalLink: ({ process }) => this.openOutput(process),
    };
  }

  private glance(process: ManagedProcess, passing: Passing): Open {
    let entry = this.known(process);
    if (!entry) {
      entry = this.create(process);
      entry.passing = passing;
    }
    entry.terminal?.show(true);
    if (entry.passing === passing) this.latest.set(passing, entry);
    this.makeWay(passing);
    return entry;
  }

  /** Not one that the editor was to make and did not. */
  private known(process: ManagedProcess): Open | undefined {
    const entry = this.open.get(process.id);
    return entry?.terminal && entry;
  }

  private opened(terminal: vscode.Terminal): void {
    const { creationOptions } = terminal;
    if (!('pty' in creationOptions)) return;
    for (const entry of this.open.values()) {
      if (entry.pty !== creationOptions.pty) continue;
      entry.isOpen = true;
      if (entry.passing) this.makeWay(entry.passing);
      if (entry.terminal) continue;
      entry.terminal = terminal;
      // Made by the editor on a person's wish, and perhaps in a panel that is hidden.
      terminal.show();
    }
  }

  /** Once the latest is there and not before: with its last terminal the panel closes, and the keyboard goes elsewhere. */
  private makeWay(passing: Passing): void {
    const latest = this.latest.get(passing);
    if (!latest?.isOpen) return;
    for (const entry of this.open.values()) {
      if (entry !== latest && entry.passing === passing) this.close(entry);
    }
  }

  private close({ pty, terminal }: Open): void {
    terminal?.dispose();
    pty.close();
  }

  private create(process: ManagedProcess): Open {
    const { entry, options } = this.prepare(process);
    entry.terminal = openTab(options);
    return entry;
  }

  private prepare(process: ManagedProcess): { entry: Open; options: Tab } {
    const [icon, color] = tabIcon(process);
    const nonce = randomUUID();
    const pty = new ProcessTerminal(process, nonce, {
      closed: () => {
        if (this.open.get(process.id) === entry) this.open.delete(process.id);
      },
      typed: () => (entry.passing = undefined),
      failed: (error) => this.log.error(`Terminal: ${String(error)}`),
    });
    const options = {
      name: tabName(process),
      pty,
      iconPath: new vscode.ThemeIcon(icon),
      ...(color !== undefined && { color: new vscode.ThemeColor(color) }),
      // The process ends with the window, so nothing is to be restored.
      isTransient: true,
      shellIntegrationNonce: nonce,
    };
    this.log.debug(`Terminal opened: ${process.id} of ${clientLabel(process.owner.name)}`);
    const entry: Open = {
      process,
      pty,
      terminal: undefined,
      passing: undefined,
      isOpen: false,
      peekedAt: -Infinity,
    };
    this.open.set(process.id, entry);
    return { entry, options };
  }
}
