import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { platformOf, type Machine, type NoNode, type Tried } from '../words';
import { misfit, sizeText } from './nodeFile';
import { open } from 'node:fs/promises';

export const TERMINAL =
  'it gives the command a terminal, which changes bytes. Leave out -t (docker exec -i, ssh -T)';

/** Where all of it has been run. */
const TRIED = 'linux-x64';

/** What the machine is, and what to expect there. */
export function machineLine(there: Machine): string {
  const platform = platformOf(there);
  const line = `it is ${platform}, with Node ${there.node}`;
  if (platform === TRIED) return line;
  return `${line}. Exec Server has never been run on ${platform}, only on ${TRIED} with glibc: commands may fail to start there, terminals most likely`;
}

/** For a machine on which nothing could be written and run. */
export function noPlace(tried: readonly Tried[]): string {
  const list = tried.map(([folder, reason]) => `${folder}: ${reason}`).join('; ');
  return `there is no folder there to put exec-server in (${list}). Make one of them writable for this user, or set XDG_CACHE_HOME there to a folder on a disk, volume or tmpfs on which programs may run`;
}

/** For a machine without Node, to which none may be sent or can be. */
export async function noNode(there: NoNode, lacks: string): Promise<string> {
  const where = `there is no Node 20 or newer on that machine (${there.system} ${there.machine}${there.musl ? ', musl' : ''}): not in its PATH, nor where version managers and editors' servers put theirs. Install one there`;
  if (lacks !== '') return `${where}. None can be sent: it has no ${lacks.split(' ').join(', ')}`;
  if (there.system !== 'Linux') return where;
  // An editor's program is no Node by itself.
  const wrong = process.versions['electron'] ?? (await headMisfit(there));
  if (wrong !== undefined)
    return `${where}, or have one sent: --send-node FILE, with a Node for that machine`;
  const { size } = statSync(process.execPath);
  return `${where}, or have this machine's own sent (${sizeText(size)}): --send-node ${process.execPath}`;
}

/** Whether this process's own program would do. */
async function headMisfit(there: NoNode): Promise<string | undefined> {
  const file = await open(process.execPath);
  try {
    const head = Buffer.alloc(4096);
    await file.read(head, 0, head.length, 0);
    return misfit(head, there);
  } finally {
    await file.close();
  }
}

/** For a program that ended before a server was ready. */
export function ended(
  command: readonly string[],
  child: Pick<ChildProcess, 'exitCode' | 'signalCode'>,
  noise: string,
): string {
  const how =
    child.signalCode === null
      ? `ended with status ${child.exitCode ?? 0}`
      : `was ended by ${child.signalCode}`;
  const printed = noise === '' ? '' : `, after it had printed "${noise}"`;
  return `the command "${command.join(' ')} sh" ${how}${printed}. It must run a POSIX shell over there that reads this one's input`;
}
