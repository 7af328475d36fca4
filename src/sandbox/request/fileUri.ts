import { fileURLToPath } from 'node:url';
import { SandboxRefusal } from '../refusal';
import { messageOf } from '../../values';

const WAY_OUT = 'Send a file URI of an absolute path of this machine, such as file:///home/me/project.';

/**
 * The absolute path that a `file:` URI names on Linux and macOS, without a slash at its end.
 * @throws SandboxRefusal for whatever else: another scheme or host, a Windows path, bytes that are no UTF-8
 */
export function pathOfUri(uri: string, field: string): string {
  const refuse = (reason: string) => new SandboxRefusal(field, reason, WAY_OUT);
  if (!/^file:\/\/\/?/i.test(uri)) throw refuse(`\`${uri}\` is no file URI`);
  if (/[?#]/.test(uri)) throw refuse(`\`${uri}\` has a query or a fragment`);
  let path: string;
  try {
    path = fileURLToPath(uri, { windows: false });
  } catch (error) {
    throw refuse(`\`${uri}\` names no path here (${messageOf(error)})`);
  }
  if (/^\/[A-Za-z]:(\/|$)/.test(path)) throw refuse(`\`${uri}\` is a path of Windows`);
  return checkAbsolute(path, field);
}

/** Longest path, in bytes. */
const MAX_BYTES = 4095;

/**
 * An absolute path without doubled slashes and one at its end.
 * @throws SandboxRefusal if it is relative, holds `.` or `..`, a NUL, or more than 4,095 bytes
 */
export function checkAbsolute(path: string, field: string): string {
  const refuse = (reason: string) =>
    new SandboxRefusal(field, reason, 'Name an absolute path without `.` and `..`.');
  if (!path.startsWith('/')) throw refuse(`\`${path}\` is not absolute`);
  return `/${segmentsOf(path, refuse).join('/')}`;
}

/** The names of a path that stays below where it starts. */
export function checkBelow(path: string, field: string): readonly string[] {
  const refuse = (reason: string) =>
    new SandboxRefusal(field, reason, 'Name a path inside the folder, without `..` and `/` in front.');
  if (path.startsWith('/')) throw refuse(`\`${path}\` is absolute`);
  return segmentsOf(path === '.' ? '' : path, refuse);
}

function segmentsOf(path: string, refuse: (reason: string) => Error): readonly string[] {
  if (path.includes('\0')) throw refuse('there is a NUL in the path');
  const length = Buffer.byteLength(path);
  if (length > MAX_BYTES) throw refuse(`the path has ${length} bytes; the limit is ${MAX_BYTES}`);
  const names = path.split('/').filter(Boolean);
  if (names.some((name) => name === '..' || name === '.')) throw refuse(`\`${path}\` holds \`.\` or \`..\``);
  return names;
}
