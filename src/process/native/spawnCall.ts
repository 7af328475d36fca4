import { constants } from 'node:fs';
import { errnoError, type Call, type Libc } from './libc';

/** What is to run, all of it final. */
export interface SpawnRequest {
  /** Looked up from `cwd` if it has a slash; not searched for. */
  readonly path: string;
  readonly argv: readonly string[];
  /** `NAME=value` each. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** What the child's descriptors from 0 on are: a number to copy, or a file to open for reading and writing. */
  readonly stdio: readonly (number | string)[];
  /** A terminal that it opens does not become its controlling one. */
  readonly leavesTerminal?: boolean | undefined;
}

/**
 * Starts a program as the leader of a new session, with default signals and no other descriptors than those.
 * A terminal that it opens becomes its controlling one. Returns its pid.
 *
 * @throws SpawnError with the system's code
 */
export type SpawnCall = (request: SpawnRequest) => number;

/** From spawn.h; the same in glibc and musl. */
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
/** The largest of the opaque structures has 336 bytes. */
const STRUCTURE_BYTES = 512;
const SIGNAL_SET_BYTES = 128;
const O_RDWR = 2;

/**
 * The system's posix_spawn, on Linux only; undefined where the C library's is too old to change the folder.
 *
 * Node forks, which copies the page tables of the whole host: 7 ms in an extension host of 300 MiB, with all
 * threads of it slower afterwards. Here the child borrows the host's memory until its exec, in 0.4 ms.
 */
export function findSpawnCall(libc: Libc): SpawnCall | undefined {
  const spawn = libc.find(
    'int posix_spawn(void *pid, const char *path, void *actions, void *attributes, const char **argv, const char **env)',
  );
  const attributes = attributesOf(libc);
  const actions = actionsOf(libc);
  if (!spawn || !attributes || !actions) return undefined;
  const pid = new Int32Array(1);
  return (request) => {
    const { path, argv, env } = request;
    pid[0] = 0;
    const errno = spawn(pid, path, actions(request), attributes, [...argv, null], [...env, null]);
    if (errno !== 0) throw errnoError(errno);
    return pid[0];
  };
}

function attributesOf(libc: Libc): Buffer | undefined {
  const init = libc.find('int posix_spawnattr_init(void *attributes)');
  const setFlags = libc.find('int posix_spawnattr_setflags(void *attributes, short flags)');
  const setDefault = libc.find('int posix_spawnattr_setsigdefault(void *attributes, void *signals)');
  const setMask = libc.find('int posix_spawnattr_setsigmask(void *attributes, void *signals)');
  if (!init || !setFlags || !setDefault || !setMask) return undefined;
  const attributes = Buffer.alloc(STRUCTURE_BYTES);
  init(attributes);
  setFlags(attributes, SETSIGDEF | SETSIGMASK | SETSID);
  setDefault(attributes, Buffer.alloc(SIGNAL_SET_BYTES, 0xff));
  setMask(attributes, Buffer.alloc(SIGNAL_SET_BYTES));
  return attributes;
}

/** What the child does before its program. The structure is good until the next call. */
type Actions = (request: SpawnRequest) => Buffer;

function actionsOf(libc: Libc): Actions | undefined {
  const init = libc.find('int posix_spawn_file_actions_init(void *actions)');
  const destroy = libc.find('int posix_spawn_file_actions_destroy(void *actions)');
  const addDup = libc.find('int posix_spawn_file_actions_adddup2(void *actions, int fd, int to)');
  const addOpen = libc.find(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, uint mode)',
  );
  // glibc 2.29.
  const addChdir = libc.find('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)');
  // glibc 2.34; elsewhere what others forgot to mark gets through, as it does with Node.
  const addCloseFrom = libc.find('int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)');
  if (!init || !destroy || !addDup || !addOpen || !addChdir) return undefined;
  const check = (call: Call, ...args: unknown[]): void => {
    const errno = call(...args);
    if (errno !== 0) throw errnoError(errno);
  };
  const actions = Buffer.alloc(STRUCTURE_BYTES);
  const make = ({ cwd, stdio, leavesTerminal }: SpawnRequest): void => {
    const flags = leavesTerminal ? O_RDWR | constants.O_NOCTTY : O_RDWR;
    // First, for it may be named by a descriptor.
    check(addChdir, actions, cwd);
    stdio.forEach((source, fd) => {
      if (typeof source === 'string') check(addOpen, actions, fd, source, flags, 0);
      else check(addDup, actions, source, fd);
    });
    if (addCloseFrom) check(addCloseFrom, actions, stdio.length);
  };
  /** What they are for; undefined where none are made. They are often the same again, and dear to make. */
  let made: string | undefined;
  return (request) => {
    const { cwd, stdio, leavesTerminal } = request;
    const wanted = JSON.stringify([cwd, stdio, leavesTerminal]);
    if (wanted === made) return actions;
    if (made !== undefined) destroy(actions);
    made = undefined;
    check(init, actions);
    try {
      make(request);
    } catch (error) {
      destroy(actions);
      throw error;
    }
    made = wanted;
    return actions;
  };
}
