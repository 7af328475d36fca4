import { l10n, type Command, type Disposable } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { registerCommands } from '../show/commands';

/** For a click on a row that is still drawn although its command has been cleared. */
const LATE_CLICK_MS = 30_000;

/**
 * A command of its own for each row that is drawn, for what a click on it means must not hang on anything that is on
 * its way: the editor keeps the arguments of a row's command under a number that dies with the next drawing of the row,
 * and forgets which row is selected while it draws all of them anew.
 */
export class OpenCommands implements Disposable {
  private readonly known = new Map<
    string,
    { readonly process: ManagedProcess; readonly registered: Disposable[] }
  >();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly open: (process: ManagedProcess) => void) {}

  for(process: ManagedProcess): Command {
    const id = `_execServer.open:${process.id}`;
    if (!this.known.has(process.id)) {
      const registered = registerCommands({ [id]: () => this.open(process) });
      this.known.set(process.id, { process, registered });
    }
    return { command: id, title: l10n.t('Open Terminal') };
  }

  /** Lets go of those whose rows are gone. */
  keep(alive: ReadonlySet<ManagedProcess>): void {
    for (const [key, { process, registered }] of this.known) {
      if (alive.has(process)) continue;
      this.known.delete(key);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        for (const command of registered) command.dispose();
      }, LATE_CLICK_MS);
      this.timers.add(timer);
    }
  }

  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const { registered } of this.known.values()) for (const command of registered) command.dispose();
  }
}
