import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readProc, socketInodes } from '../observe/procFiles';
import { thisMachine } from '../observe/thisMachine';
import { errorCode } from '../../values';

/** argv[0] of what holds a sandbox together, by which every host on this machine, and a person in `ps`, knows it. */
export const SANDBOX_NAME = 'exec-server-sandbox';
/** argv[0] of what holds a sandbox together that has the network of the host. */
export const ONLINE_SANDBOX_NAME = 'exec-server-sandbox-net';

/** A TCP connection between two sockets of this machine, by its ports. */
export interface Ports {
  readonly ours: number;
  readonly peer: number;
}

/** Processes that are looked at in one turn. */
const STEP = 64;

/**
 * Whether a process is in a sandbox of this host or of another one on this machine, or has ended, so that nobody can tell.
 * No process can leave the descendants of its sandbox. One that this host itself is in does not count.
 */
export function isInside(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  const { lookup } = thisMachine();
  const own = ancestorsOf(process.pid);
  if (!lookup.one(pid)) return true;
  return [...ancestorsOf(pid)].some(
    (at) => !own.has(at) && [SANDBOX_NAME, ONLINE_SANDBOX_NAME].includes(sandboxName(at)),
  );
}

/**
 * Whether the other end of a connection is held, or may be held, in a sandbox with the network of the host. Looks at all
 * processes of this machine, but only while there is such a sandbox.
 */
export async function comesFromInside(ports: Ports): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const inside = await nextWalk();
  if (inside.size === 0) return false;
  const uid = process.getuid?.() ?? 0;
  const sockets = socketsBetween(ports, uid);
  // An end of another machine or another user, who a sandbox is not.
  if (sockets.size === 0) return false;
  let [isHeldOutside, isUnclearInside, isUnclearOutside] = [false, false, false];
  for await (const pid of allPids()) {
    const isIn = inside.has(pid);
    const holds = holdsOneOf(pid, sockets);
    if (holds === true && isIn) return true;
    if (holds === true) isHeldOutside = true;
    if (holds === undefined && isIn) isUnclearInside = true;
    if (holds === undefined && !isIn && isAliveOf(uid, pid)) isUnclearOutside = true;
  }
  // A descriptor can be under way from one process to another, so one that nobody holds is no proof of anything.
  return !isHeldOutside && (isUnclearInside || !isUnclearOutside);
}

let walk: Promise<ReadonlySet<number>> | undefined;
let walkAfter: Promise<ReadonlySet<number>> | undefined;

/** What a walk finds that begins after this call, as many as wait for it: one under way may have passed by who asks. */
function nextWalk(): Promise<ReadonlySet<number>> {
  if (!walk) return (walk = insiders().finally(() => (walk = undefined)));
  const over = walk.then(
    () => undefined,
    () => undefined,
  );
  return (walkAfter ??= over.then(() => {
    walkAfter = undefined;
    return nextWalk();
  }));
}

async function insiders(): Promise<ReadonlySet<number>> {
  const own = ancestorsOf(process.pid);
  const found = new Set<number>();
  for await (const pid of allPids()) {
    if (own.has(pid) || sandboxName(pid) !== ONLINE_SANDBOX_NAME) continue;
    found.add(pid);
    for (const { pid: descendant } of thisMachine().lookup.under(pid)) found.add(descendant);
  }
  return found;
}

/** With the process itself. */
function ancestorsOf(pid: number): Set<number> {
  const found = new Set<number>();
  for (let at = pid; at > 0 && !found.has(at); at = thisMachine().lookup.one(at)?.ppid ?? 0) found.add(at);
  return found;
}

/** Its argv[0] if it is a bubblewrap. Others are not asked: that can take as long as they are busy with their memory. */
function sandboxName(pid: number): string {
  if (readProc(`/proc/${pid}/comm`) !== 'bwrap\n') return '';
  return readProc(`/proc/${pid}/cmdline`).split('\0', 1)[0] ?? '';
}

async function* allPids(): AsyncGenerator<number> {
  let looked = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    yield Number(name);
    if (++looked % STEP === 0) await nextTurn();
  }
}

/** Whether a process is this user's, and more than what is left of one. */
function isAliveOf(uid: number, pid: number): boolean {
  const status = readProc(`/proc/${pid}/status`);
  return !/^State:\t[ZX]/m.test(status) && Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? NaN) === uid;
}

/** The inodes of this user's sockets at the other end. */
function socketsBetween({ ours, peer }: Ports, uid: number): Set<string> {
  const found = new Set<string>();
  for (const table of ['tcp', 'tcp6'])
    for (const line of readProc(`/proc/net/${table}`).split('\n')) {
      const [, local = '', remote = '', , , , , user, , inode = '0'] = line.trim().split(/\s+/);
      if (inode !== '0' && Number(user) === uid && portOf(local) === peer && portOf(remote) === ours)
        found.add(inode);
    }
  return found;
}

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

/** Undefined for a process into which this user may not look. */
function holdsOneOf(pid: number, sockets: ReadonlySet<string>): boolean | undefined {
  try {
    for (const inode of socketInodes(pid)) if (sockets.has(inode)) return true;
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? false : undefined;
  }
}
