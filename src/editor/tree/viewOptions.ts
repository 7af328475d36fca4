import * as vscode from 'vscode';
import type { Filter, Only } from './filter';
import type { Grouping } from './groups';

const KEY = 'execServer.processes.view';

interface Options extends Filter {
  readonly grouping: Grouping;
}

const DEFAULTS: Options = { text: '', only: 'all', grouping: 'agent' };

/** What a person has chosen to see, and under what; remembered for this workspace. */
export class ViewOptions implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;
  private options: Options;

  constructor(private readonly memento: vscode.Memento) {
    this.options = { ...DEFAULTS, ...memento.get<Partial<Options>>(KEY) };
    this.tell();
  }

  dispose(): void {
    this.emitter.dispose();
  }

  get filter(): Filter {
    return this.options;
  }

  get grouping(): Grouping {
    return this.options.grouping;
  }

  /** Whether rows may be hidden. */
  get isFiltered(): boolean {
    return this.options.text !== '' || this.options.only !== 'all';
  }

  set(change: { text?: string; only?: Only; grouping?: Grouping }): void {
    this.options = { ...this.options, ...change };
    void this.memento.update(KEY, this.options);
    this.tell();
    this.emitter.fire();
  }

  /** For the buttons of the view. */
  private tell(): void {
    void vscode.commands.executeCommand('setContext', 'execServer.filtered', this.isFiltered);
  }
}
