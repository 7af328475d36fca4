import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Libc } from './libc';
import { systemCode, SpawnError, toSpawnError } from '../errors';
import { DEFAULT_SIZE, type TerminalMode, type TerminalSize } from '../types';

/** A new terminal by its master, which does not block. */
export interface PtyMaster {
  readonly fd: number;
  /** The path of its other side, which the child opens. */
  readonly path: string;
}

export interface PtyFactory {
  /**
   * Opens a terminal of that size, 24 × 80 when absent.
   *
   * @throws SpawnError that says what is lacking
   */
  open(size: TerminalSize | undefined): PtyMaster;
  resize(fd: number, size: TerminalSize): void;
  /** How much a read would give; unlike a read or a poll, it does not wait for what is under way. */
  pendingBytes(fd: number): number;
  /** How the other side takes what is typed; undefined if that cannot be told any more. */
  mode(fd: number): TerminalMode | undefined;
  /** Whether a terminal that nobody has open any more says so, as Linux does; gVisor's don't. Tried once. */
  tellsEnd(): boolean;
}

/** A new terminal's master by each open. */
export const MASTERS = '/dev/ptmx';
const LONGEST_PATH_BYTES = 64;

/** Numbers of Linux's termios. */
const TIOCSWINSZ = 0x5414;
const TIOCINQ = 0x541b;
const TERMIOS_BYTES = 64;
const BRKINT = 0o2;
const IXANY = 0o4000;
const IMAXBEL = 0o20000;
const IUTF8 = 0o40000;
const ICANON = 0o2;
const ECHO = 0o10;
/** Where among the numbers of a termios those flags are. */
const LOCAL_FLAGS = 3;

/** Opens terminals on Linux; undefined where the C library lacks something. */
export function findPtyFactory(libc: Libc): PtyFactory | undefined {
  const unlock = libc.find('int unlockpt(int fd)');
  const nameOf = libc.find('int ptsname_r(int fd, void *name, size_t bytes)');
  const ioctl = libc.find('int ioctl(int fd, unsigned long request, void *argument)');
  const getAttributes = libc.find('int tcgetattr(int fd, void *termios)');
  const setAttributes = libc.find('int tcsetattr(int fd, int when, void *termios)');
  if (!unlock || !nameOf || !ioctl || !getAttributes || !setAttributes) return undefined;

  const check = (result: number): void => {
    if (result !== 0) throw libc.lastError();
  };
  const resize = (fd: number, { rows, cols }: TerminalSize): void => {
    check(ioctl(fd, TIOCSWINSZ, Buffer.from(Uint16Array.of(rows, cols, 0, 0).buffer)));
  };
  const pending = new Int32Array(1);
  const pendingBytes = (fd: number): number => {
    check(ioctl(fd, TIOCINQ, pending));
    return pending[0] ?? 0;
  };
  const termiosOf = Buffer.alloc(TERMIOS_BYTES);
  const mode = (fd: number): TerminalMode | undefined => {
    if (getAttributes(fd, termiosOf) !== 0) return undefined;
    const flags = termiosOf.readUInt32LE(LOCAL_FLAGS * 4);
    return { echo: (flags & ECHO) !== 0, canonical: (flags & ICANON) !== 0 };
  };
  /** Beyond the system's own: what an editor's terminals have, such as a backspace over whole letters. */
  const configure = (fd: number): void => {
    const termios = Buffer.alloc(TERMIOS_BYTES);
    check(getAttributes(fd, termios));
    const [inputFlags] = new Uint32Array(termios.buffer, 0, 1);
    new Uint32Array(termios.buffer)[0] = (inputFlags ?? 0) | BRKINT | IXANY | IMAXBEL | IUTF8;
    check(setAttributes(fd, 0, termios));
  };
  const open = (size = DEFAULT_SIZE): PtyMaster => {
    const fd = openMaster();
    try {
      check(unlock(fd));
      const name = Buffer.alloc(LONGEST_PATH_BYTES);
      check(nameOf(fd, name, name.length));
      configure(fd);
      resize(fd, size);
      return { fd, path: name.toString('latin1', 0, name.indexOf(0)) };
    } catch (error) {
      closeSync(fd);
      throw noTerminal(error);
    }
  };
  let told: boolean | undefined;
  const tellsEnd = (): boolean => (told ??= isEndTold(open));
  return { open, resize, pendingBytes, mode, tellsEnd };
}

/** Opens and closes the other side of a new terminal. */
function isEndTold(open: PtyFactory['open']): boolean {
  const { fd, path } = open(undefined);
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
    readSync(fd, Buffer.alloc(1));
    return true;
  } catch (error) {
    return systemCode(error) !== 'EAGAIN';
  } finally {
    closeSync(fd);
  }
}

function openMaster(): number {
  try {
    return openSync(MASTERS, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw noTerminal(error);
  }
}

/** Without the system's code, which would be read as one about the program. */
function noTerminal(error: unknown): SpawnError {
  return new SpawnError(
    `No terminal could be opened: ${toSpawnError(error).message}. A start on pipes (tty: false) needs none.`,
  );
}
