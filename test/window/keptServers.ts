import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gone } from '../wire/procfs';
import type { Editor } from './openWindow';

/** What says where a window or a kept server is found. */
export interface FoundRecord {
  readonly pid: number;
  readonly socket: string;
  readonly kept?: object;
  readonly off?: boolean;
}

/** All that lie where the editor's windows and servers are found. */
export function recordsOf({ state }: Editor): FoundRecord[] {
  const windows = path.join(state, 'exec-server', 'windows');
  return readdirSync(windows)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(windows, name), 'utf8')) as FoundRecord);
}

/** Ends the kept server, if one is left. */
export async function endKeptServer(editor: Editor): Promise<void> {
  const { pid } = recordsOf(editor).find(({ kept }) => kept) ?? {};
  if (pid === undefined) return;
  process.kill(pid, 'SIGTERM');
  await gone(pid);
}
