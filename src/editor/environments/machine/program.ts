import path from 'node:path';
import type { ProgramEntry } from '../../../hub';

/** The program of entries that are attached to by the editor's own copy of exec-server. */
export const OWN_PROGRAM = 'exec-server';

/** The arguments that attach to a machine, by the words that run a command there. */
export function attachArgs(words: readonly string[], sendNode?: string): string[] {
  return ['attach', ...(sendNode === undefined ? [] : ['--send-node', sendNode]), '--', ...words];
}

/**
 * What an entry is run with: `exec-server attach` with the copy in this extension, so that none need be installed here;
 * all with the questions of ssh asked in the editor.
 *
 * @param bundles the folder of the extension's bundles
 */
export function runWith(
  entry: ProgramEntry,
  bundles: string,
  askEnv: Readonly<Record<string, string>>,
): ProgramEntry {
  const env = { ...askEnv, EXEC_SERVER_ASK_OF: entry.id, ...entry.env };
  const { program, args = [] } = entry;
  if (program !== OWN_PROGRAM || args[0] !== 'attach') return { ...entry, env };
  return {
    ...entry,
    program: process.execPath,
    args: [path.join(bundles, 'cli.js'), ...args],
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
  };
}

/** This process's own Node, where it is one that could be sent to another machine. */
export function ownNode(): string | undefined {
  return process.versions['electron'] === undefined ? process.execPath : undefined;
}
