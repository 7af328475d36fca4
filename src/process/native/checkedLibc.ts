import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { systemCode, SpawnError } from '../errors';
import { loadLibc, O_CLOEXEC, type Libc } from './libc';
import { findPtyFactory, MASTERS } from './ptmx';
import { findSpawnCall } from './spawnCall';
import { firstLineOf, messageOf } from '../../values';

/** The C library, or why it cannot be used, in words for a log. */
export type CheckedLibc = { readonly libc: Libc } | { readonly problem: string };

let checked: CheckedLibc | undefined;

/** The C library of this process, loaded and tried out at the first call: it does here what its declarations promise. */
export function checkedLibc(): CheckedLibc {
  return (checked ??= loadAndCheck());
}

function loadAndCheck(): CheckedLibc {
  try {
    const libc = loadLibc();
    checkLibc(libc);
    return { libc };
  } catch (error) {
    return { problem: firstLineOf(error) };
  }
}

const NOTHING_CAME = 'what was written did not come out';
/** How long a byte may take through a terminal on a machine that has much to do, in ms. */
const ARRIVAL_MS = 1000;
/** Says nothing about the library: this process has too much open now. */
const SHORTAGES: ReadonlySet<string | undefined> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'ENOMEM',
  'EAGAIN',
]);

/**
 * Uses what children and their streams depend on, once and within a few milliseconds, without a child or a disk.
 *
 * @throws Error that names the call which does not do what it should
 */
export function checkLibc(libc: Libc): void {
  for (const [name, check] of Object.entries({
    pipe2: checkPipe,
    posix_spawn: checkSpawn,
    ptmx: checkTerminal,
  }))
    try {
      check(libc);
    } catch (error) {
      if (error instanceof SpawnError && SHORTAGES.has(error.code)) return;
      const reason = messageOf(error);
      throw new Error(`the self-check of ${name} failed: ${reason}`, { cause: error });
    }
}

function checkPipe(libc: Libc): void {
  const { readFd, writeFd } = libc.pipe();
  try {
    writeSync(writeFd, 'x');
    expectByte(readFd);
    if (!isClosedOnExec(readFd) || !isClosedOnExec(writeFd))
      throw new Error('a child would inherit the pipe');
  } finally {
    libc.close(readFd);
    libc.close(writeFd);
  }
}

/** Everything up to the exec of a program, which is one that the system refuses. */
function checkSpawn(libc: Libc): void {
  const spawn = findSpawnCall(libc);
  if (!spawn) return;
  const stdio = ['/dev/null', '/dev/null', '/dev/null'];
  try {
    spawn({ path: '/dev/null', argv: ['/dev/null'], env: ['A=1'], cwd: '/', stdio });
  } catch (error) {
    if (error instanceof SpawnError && error.code === 'EACCES') return;
    throw error;
  }
  throw new Error('it started what is no program');
}

function checkTerminal(libc: Libc): void {
  const terminals = findPtyFactory(libc);
  if (!terminals || !canOpen(MASTERS)) return;
  const { fd, path } = terminals.open({ rows: 7, cols: 11 });
  try {
    const other = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    try {
      writeSync(other, 'x');
      waitUntil(() => terminals.pendingBytes(fd) === 1);
      expectByte(fd);
    } finally {
      closeSync(other);
    }
  } finally {
    closeSync(fd);
  }
}

function expectByte(fd: number): void {
  const bytes = Buffer.alloc(2);
  if (readSync(fd, bytes, 0, 2, null) !== 1 || bytes[0] !== 0x78) throw new Error(NOTHING_CAME);
}

/** A thread of the kernel brings a terminal's bytes to the other side, within 20 µs as a rule. */
function waitUntil(condition: () => boolean): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + ARRIVAL_MS; !condition(); Atomics.wait(cell, 0, 0, 0.05))
    if (performance.now() > end) throw new Error(NOTHING_CAME);
}

function isClosedOnExec(fd: number): boolean {
  try {
    const [, flags = ''] = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
    return (parseInt(flags, 8) & O_CLOEXEC) !== 0;
  } catch (error) {
    // Where there is no /proc nobody can tell.
    return systemCode(error) !== undefined;
  }
}

/** Some containers have no terminals; their starts say so. */
function canOpen(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
