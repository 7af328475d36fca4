import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwn, parentProcess, thisProcess } from './identity';
import type { WindowRecord } from './record';
import { sweepRecords } from './records';

/** What a window says of itself. */
export interface Announcement extends Pick<
  WindowRecord,
  'kind' | 'name' | 'folders' | 'socket' | 'kept' | 'off'
> {
  /** Where records lie; made where it is not there. */
  readonly windows: string;
}

/** A record that is there until it is removed. */
export interface Published {
  /** @throws Error of the system when it cannot be written */
  update(folders: readonly string[]): void;
  /**
   * All who were connected have been dropped, and may come again.
   *
   * @throws Error of the system when it cannot be written
   */
  droppedAll(): void;
  /** In this turn: also for the last moment of a process. Never throws. */
  remove(): void;
}

/**
 * Writes the record of this process, whole or not at all, and removes those of the dead.
 *
 * @throws Error of the system when it cannot
 */
export function publish({ windows, ...said }: Announcement): Published {
  makeOwn(windows);
  sweepRecords(windows);
  let { folders } = said;
  let since = Date.now();
  const opener = said.kind === 'window' ? parentProcess() : undefined;
  const { pid, start, scope } = thisProcess();
  const base = join(windows, `${pid}-${randomBytes(6).toString('hex')}`);
  const write = (): void => {
    const all = withoutLinks(folders);
    const record: WindowRecord = { version: 1, pid, start, scope, ...said, folders: all, since, opener };
    put(`${base}.json`, `${JSON.stringify(record, null, 2)}\n`);
    // For the shells of agents, whose commands windows show, and which read no JSON: the process, then a folder a line.
    if (said.kind !== 'window' || said.off) return;
    const lines = [`${pid} ${start}`, ...all.filter((folder) => !folder.includes('\n'))];
    put(`${base}.folders`, `${lines.join('\n')}\n`);
  };
  write();
  return {
    update: (now) => {
      folders = now;
      write();
    },
    droppedAll: () => {
      since = Math.max(Date.now(), since + 1);
      write();
    },
    remove: () => {
      for (const kind of ['json', 'folders']) {
        try {
          rmSync(`${base}.${kind}`, { force: true });
        } catch {
          // It names a dead process then, and whoever comes next removes it.
        }
      }
    },
  };
}

function put(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600, flag: 'w' });
  renameSync(`${path}.part`, path);
}

/** The folders as they were given and as they really are. */
function withoutLinks(folders: readonly string[]): string[] {
  const real = folders.map((folder) => {
    try {
      return realpathSync(folder);
    } catch {
      return folder;
    }
  });
  return [...new Set([...folders, ...real])];
}
