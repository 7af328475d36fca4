import * as vscode from 'vscode';
import { canConnectTo, type ManagedProcess, type ProcessTable } from '../../environment';
import { isObject } from '../../values';
import { pickOne } from '../show/choices';
import { isTaken } from '../keyboard/takeOver';
import { flash, showInformation } from '../show/notices';
import { processLabel } from '../text/commandLabel';
import { essence } from '../text/essence';
import { rowDescription } from '../tree/describe';
import { viewModel } from '../tree/viewModel';
import type { ProcessView } from '../tree/processView';
import { ClientNode, MemberNode, ProcessNode, RepeatNode, shownBy } from '../tree/nodes';
import { clientName } from '../tree/clientName';
import { ROW_WORDS } from '../tree/rowWords';

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
    if (isSelectionOnly(first)) return this.selected(fits);
    const rows = Array.isArray(all) && all.length ? all : first === undefined ? [] : [first];
    if (rows.length) return rows.flatMap((row) => this.processesOf(row)).filter(fits);
    const selected = rest.length ? [] : this.view.selectedProcesses().filter(fits);
    if (selected.length) return selected;
    const picked = await this.pick(question, fits);
    return picked ? [picked] : [];
  }

  /** For a key: another one, asked for instead, would be hit by the Enter that was meant for a dialog. */
  private selected(fits: Fits): ManagedProcess[] {
    const selected = this.view.selection.flatMap((row) => {
      const process = shownBy(row);
      if (process) return [process];
      // An agent's row stands for all that it runs; a folder's, a machine's or a fold is a place.
      return row instanceof ClientNode && row.row.kind === 'agent' ? row.row.processes : [];
    });
    const fitting = [...new Set(selected)].filter(fits);
    if (!fitting.length) flash(vscode.l10n.t('Nothing that runs is selected'));
    return fitting;
  }

  async one(question: string, fits: Fits, ...rest: unknown[]): Promise<ManagedProcess | undefined> {
    return (await this.many(question, fits, ...rest.slice(0, 1)))[0];
  }

  /** What a row stands for. */
  processesOf(row: unknown): readonly ManagedProcess[] {
    if (row instanceof ProcessNode) return [row.process];
    if (row instanceof MemberNode) return [row.parent.process];
    if (row instanceof RepeatNode) return [row.processes[0]];
    if (row instanceof ClientNode) return row.row.processes;
    const process = typeof row === 'string' ? this.table.get(row) : undefined;
    return process ? [process] : [];
  }

  private async pick(question: string, fits: Fits): Promise<ManagedProcess | undefined> {
    const processes = this.table.list().filter(fits).reverse();
    if (OBVIOUS.has(fits) && processes.length === 1) return processes[0];
    if (!processes.length) {
      void showInformation(
        fits === any ? vscode.l10n.t('No commands.') : vscode.l10n.t('No running commands.'),
      );
      return undefined;
    }
    const entries = processes.map((process) => ({
      label: essence(processLabel(process.spec)),
      description: rowDescription(viewModel(process), ROW_WORDS),
      detail: `${clientName(process.owner.name)} · ${process.spec.cwd}`,
      value: process,
    }));
    return pickOne(entries, { title: question, matchOnDetail: true });
  }
}

/** What the key has for an argument in the manifest. */
function isSelectionOnly(argument: unknown): boolean {
  return isObject(argument) && argument['only'] === 'selection';
}

export type Fits = (process: ManagedProcess) => boolean;

export const any: Fits = () => true;
export const running: Fits = ({ state }) => state === 'running';
/** On this machine, whether it still runs or not. */
export const local: Fits = ({ environmentId }) => environmentId === null;
/** Runs, and its ports can be reached from here. */
export const reached: Fits = (process) =>
  process.environmentId === null ? !process.closed && process.pid !== null : canConnectTo(process);
/** Runs, and a signal can be sent to it. */
export const signalled: Fits = ({ closed, takesSignals }) => !closed && takesSignals;
/** Asked for what cannot be enforced. */
export const refused: Fits = ({ noStart }) => noStart !== null && noStart.why !== 'failed';
/** Runs, and its number is known. */
export const numbered: Fits = ({ closed, pid, farPid }) => !closed && (pid ?? farPid) !== null;
export const asking: Fits = ({ needsInput }) => needsInput !== null;
/** It takes input, and its agent may type. */
export const untaken: Fits = ({ state, stdinOpen, keyboard }) =>
  state === 'running' && stdinOpen && !keyboard.taken;
/** It takes input. */
export const typeable: Fits = ({ state, stdinOpen }) => state === 'running' && stdinOpen;
/** If only one process fits one of these, it is taken without asking. */
const OBVIOUS: ReadonlySet<Fits> = new Set([asking, isTaken]);
/** Also when only something that it started still runs. */
export const stoppable: Fits = ({ closed }) => !closed;
