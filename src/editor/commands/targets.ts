import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment/index';
import { commandLabel } from '../text/commandLabel';
import { rowDescription } from '../tree/describe';
import { factsOf } from '../tree/facts';
import type { ProcessView } from '../tree/processView';
import { clientName, ClientNode, ProcessNode } from '../tree/rows';
import { ROW_WORDS } from '../words';

/** Finds what a command is about, from wherever it was called: row, key, keyboard, palette, another extension. */
export class Targets {
  constructor(
    private readonly table: ProcessTable,
    private readonly view: ProcessView,
  ) {}

  /**
   * @param rest what VS Code hands over: nothing from keyboard and palette; from a click the row, and all rows if
   * several are selected. A row that was just being drawn anew comes as `undefined`: then a person is asked, for
   * what is selected may be something else.
   */
  async many(question: string, fits: Fits, ...rest: unknown[]): Promise<ManagedProcess[]> {
    const [first, all] = rest;
    const rows = Array.isArray(all) && all.length ? all : first === undefined ? [] : [first];
    if (rows.length) return rows.flatMap((row) => this.processesOf(row)).filter(fits);
    const selected = rest.length ? [] : this.view.selectedProcesses().filter(fits);
    if (selected.length) return selected;
    const picked = await this.pick(question, fits);
    return picked ? [picked] : [];
  }

  async one(question: string, fits: Fits, ...rest: unknown[]): Promise<ManagedProcess | undefined> {
    return (await this.many(question, fits, ...rest.slice(0, 1)))[0];
  }

  private processesOf(row: unknown): readonly ManagedProcess[] {
    if (row instanceof ProcessNode) return [row.process];
    if (row instanceof ClientNode) return row.row.processes;
    const process = typeof row === 'string' ? this.table.get(row) : undefined;
    return process ? [process] : [];
  }

  private async pick(question: string, fits: Fits): Promise<ManagedProcess | undefined> {
    const processes = this.table.list().filter(fits).reverse();
    if (!processes.length) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no such command right now.'));
      return undefined;
    }
    const now = Date.now();
    const entries = processes.map((process) => ({
      label: commandLabel(process.spec.argv),
      description: rowDescription(factsOf(process), now, ROW_WORDS),
      detail: `${clientName(process.owner.name)} · ${process.spec.cwd}`,
      process,
    }));
    return (await vscode.window.showQuickPick(entries, { title: question, matchOnDetail: true }))?.process;
  }
}

export type Fits = (process: ManagedProcess) => boolean;

export const any: Fits = () => true;
export const running: Fits = ({ state }) => state === 'running';
/** Also when only something that it started still runs. */
export const stoppable: Fits = ({ closed }) => !closed;
