import * as vscode from 'vscode';
import { plain } from '../text/plain';
import { messageOf } from '../../values';

const ERROR_CHARACTERS = 4000;

/**
 * Registers commands by their ids. The editor shows what one is rejected with, links and all, so that is plain too;
 * for extensions that call it, it is the same sentence.
 */
export function registerCommands(
  commands: Readonly<Record<string, (...args: unknown[]) => unknown>>,
): vscode.Disposable[] {
  return Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, (...args: unknown[]) => plainly(() => run(...args))),
  );
}

/** For anything else that the editor calls and whose failure it shows. Rejects with an error of plain words. */
export async function plainly<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof vscode.CancellationError) throw error;
    const message = messageOf(error);
    const words = plain(message, ERROR_CHARACTERS);
    throw words === message ? error : new Error(words);
  }
}
