import { dirname } from 'node:path/posix';
import type { Access, Policy } from '../../sandbox';
import { FsError } from '../fsError';
import { fromByteText, toByteText } from '../nativePath';
import { osError } from '../osError';

/** In a sandbox of its own a command would not see the processes of others, with what they hold. */
const PROCESSES = Buffer.from('/proc/');

/** What a file request may do at a path without links. */
export function accessOf(policy: Policy, path: Buffer): Access {
  return path.subarray(0, PROCESSES.length).equals(PROCESSES) ? 'deny' : policy.accessOf(path);
}

/** @throws FsError `Permission denied` */
export function requireRead(policy: Policy, path: Buffer): void {
  if (accessOf(policy, path) === 'deny') throw osError('EACCES');
}

/** @throws FsError `Permission denied`, or `Read-only file system` for what may only be read */
export function requireWrite(policy: Policy, path: Buffer): void {
  const access = accessOf(policy, path);
  if (access !== 'write') throw osError(access === 'deny' ? 'EACCES' : 'EROFS');
}

/**
 * That something is there, and what kind it is, tells its folder, not the thing itself.
 * @throws FsError `Permission denied`
 */
export function requireLook(policy: Policy, path: Buffer): void {
  if (accessOf(policy, path) !== 'deny' || accessOf(policy, parentOf(path)) !== 'deny') return;
  if (!leadsToMore(policy, path)) throw osError('EACCES');
}

/**
 * For what is done to a folder with all that is in it.
 * @throws FsError that names what must not be done too
 */
export function requireAllBelow(policy: Policy, path: Buffer, access: 'read' | 'write', what: string): void {
  const restricted = policy.restrictedBelow(path.toString(), access);
  if (!restricted) return;
  const may = restricted.access === 'deny' ? 'neither be read nor changed' : 'not be changed';
  throw new FsError(
    'other',
    `${what} was refused and nothing was changed: in this sandbox ${restricted.path} may ${may}. Name what is beside it instead.`,
  );
}

export function parentOf(path: Buffer): Buffer {
  return fromByteText(dirname(toByteText(path)));
}

/** A folder above something that may be read is on the way to it. */
function leadsToMore(policy: Policy, path: Buffer): boolean {
  const start = path.length === 1 ? '/' : `${path.toString()}/`;
  return policy.entries.some((entry) => entry.access !== 'deny' && entry.path.startsWith(start));
}
