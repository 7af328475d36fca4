import type { Duplex } from 'node:stream';
import type { ManagedProcess } from './managedProcess';
import { listeningPorts, loopbackAddresses } from './observe/listening';
import { usageOf } from './observe/usage';
import type { Look } from './types';

/**
 * Everything that came of a process and lives, itself first, with what each uses, and where it listens if `ports` are
 * asked for. A look at the system, of some milliseconds: for what a person looks at. Rejects only where another
 * machine has to be asked; empty where that does not tell.
 */
export async function lookAt(
  { tree, pid: leader }: Pick<ManagedProcess, 'tree' | 'pid'>,
  { ports = false } = {},
): Promise<Look> {
  if (tree.look) return tree.look(ports);
  if (leader === null) return { members: [], ports: [] };
  await tree.search();
  const found = new Map<number, string>();
  for (const { pid, command } of tree.alive()) if (pid !== null) found.set(pid, command);
  const pids = [...found.keys()].sort((a, b) => Number(b === leader) - Number(a === leader) || a - b);
  const usage = await usageOf(pids);
  const members = pids.map((pid) => ({ pid, command: found.get(pid) ?? '', usage: usage.get(pid) }));
  return { members, ports: ports ? listeningPorts(pids) : [] };
}

/**
 * The loopback addresses by which it, or what came of it, is reached on a port of this machine. Empty where nothing of
 * it listens there, and for what runs elsewhere.
 */
export async function loopbackOf(
  { tree, pid }: Pick<ManagedProcess, 'tree' | 'pid'>,
  port: number,
): Promise<readonly string[]> {
  if (tree.look || pid === null) return [];
  await tree.search();
  const pids = tree.alive().flatMap((member) => member.pid ?? []);
  return loopbackAddresses([pid, ...pids], port);
}

/** Whether it runs on another machine whose ports can be reached from here. */
export function canConnectTo({ tree, closed }: Pick<ManagedProcess, 'tree' | 'closed'>): boolean {
  return !closed && tree.connect !== undefined;
}

/** A connection to a port of another machine on which it listens. Rejects with a sentence. */
export async function connectTo({ tree }: Pick<ManagedProcess, 'tree'>, port: number): Promise<Duplex> {
  if (!tree.connect) throw new Error('Nothing leads from here to the ports of that machine.');
  return await tree.connect(port);
}

/** Whether somebody knows what came of it, and it may live. */
export function canLookAt({ tree, pid, closed }: Pick<ManagedProcess, 'tree' | 'pid' | 'closed'>): boolean {
  return !closed && (pid !== null || tree.look !== undefined);
}
