import { readdirSync, readlinkSync } from 'node:fs';

/** Whether a process of this system, as far as it may be looked at, has the terminal of that name open. */
export function hasTerminalUsers(path: string, root = '/proc'): boolean {
  return list(root).some((pid) => /^\d+$/.test(pid) && holds(`${root}/${pid}/fd`, path));
}

function holds(folder: string, path: string): boolean {
  return list(folder).some((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`) === path;
    } catch {
      return false;
    }
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It has ended, or is somebody else's.
    return [];
  }
}
