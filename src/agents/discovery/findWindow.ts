import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { discoveryFolder } from './folder';
import type { WindowRecord } from './record';
import { doubtfulRecords, liveRecords, offRecords } from './records';

/** No window is open for a folder; the message says so, and how to go on. */
export class NoWindowError extends Error {
  override readonly name = 'NoWindowError';
}

/** The window is open, and a person has its server off. */
export class ServerOffError extends NoWindowError {
  constructor({ name, folders }: WindowRecord) {
    super(
      `${name} has ${folders[0] ?? 'that folder'} open, and its server is off. ` +
        '"Exec Server: Start Server" in the palette of that window starts it.',
    );
  }
}

/**
 * The window, or the server of the command line, whose workspace holds a folder: of several the one with the longest
 * workspace folder, of those the one that was opened last.
 *
 * @param cwd absolute path; links in it are followed
 * @param windows where the records lie; those of this person when absent
 * @throws NoWindowError when there is none whose server is on
 */
export function findWindow(cwd: string, windows: string = discoveryFolder().windows): WindowRecord {
  const open = liveRecords(windows);
  const found = chooseWindow(open, cwd);
  if (found) return found;
  const off = chooseWindow(offRecords(windows), cwd);
  if (off) throw new ServerOffError(off);
  const doubtful = doubtfulRecords(windows);
  const others = [...new Set(open.flatMap(({ folders }) => folders))];
  throw new NoWindowError(
    `No editor window with Exec Server is open for ${cwd}. Open that folder, or one that holds it, in the editor, ` +
      'or start a server for it: exec-server --listen ws://127.0.0.1:0 --workspace FOLDER.' +
      (others.length === 0 ? '' : ` Open now: ${others.join(', ')}.`) +
      (doubtful.length === 0
        ? ''
        : ` Not believed, because another user can have written it: ${doubtful.join(', ')}.`),
  );
}

/** Undefined when none of them holds the folder. */
export function chooseWindow(open: readonly WindowRecord[], cwd: string): WindowRecord | undefined {
  const paths = [cwd, withoutLinks(cwd)];
  let found: WindowRecord | undefined;
  let longest = 0;
  for (const record of open) {
    for (const folder of record.folders) {
      if (folder.length <= longest || !paths.some((path) => holds(folder, path))) continue;
      longest = folder.length;
      found = record;
    }
  }
  return found;
}

function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
