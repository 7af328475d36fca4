import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { disk } from '../../blocking';
import type { FileLook, Found, Listed } from '../policy/look';
import { SandboxRefusal } from '../refusal';
import { isPlaceholder } from './placeholder';
import { errorCode } from '../../values';

const READ_BYTES = 4096;
/** Names of one folder. */
const MAX_NAMES = 200_000;

/** The disk of this machine. */
export const diskLook: FileLook = { at, list, read };

async function at(path: string): Promise<Found> {
  try {
    const stats = await disk.lstat(path);
    if (stats.kind === 'link') return { kind: 'link', target: await targetOf(path) };
    if (isPlaceholder(stats)) return { kind: 'missing' };
    return { kind: stats.kind === 'directory' ? 'folder' : 'file' };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'EACCES') return { kind: 'unreachable' };
    throw error;
  }
}

async function targetOf(path: string): Promise<string> {
  const target = await disk.readlink(path);
  if (isUtf8(target)) return target.toString();
  throw new SandboxRefusal(
    '',
    `the link \`${path}\` leads to a name that is no UTF-8`,
    'Leave that path out.',
  );
}

async function list(folder: string): Promise<readonly Listed[]> {
  try {
    const found = await disk.list(folder, { which: 'all', max: MAX_NAMES, follow: false });
    if (found.isCut)
      throw new SandboxRefusal(
        '',
        `there are more than ${MAX_NAMES} names in \`${folder}\` to match with a pattern`,
        'Use a narrower pattern.',
      );
    return Array.from(found, ({ name, kind }) => ({
      name: isUtf8(name) ? name.toString() : name,
      isFolder: kind === 'directory',
    }));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    const fd = await disk.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(READ_BYTES);
      return buffer.toString('utf8', 0, await disk.read(fd, buffer, 0));
    } finally {
      await disk.close(fd);
    }
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '');
