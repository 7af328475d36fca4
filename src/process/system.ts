import { findPosixLauncher } from './posixLauncher';
import type { Launcher } from './launcher';
import { loadLibc, type Libc } from './libc';
import { NodeLauncher } from './nodeLauncher';
import { loadNativePty } from './nodePty';

/** What processes are made with, but for Windows. */
export interface System {
  /** On Linux only. */
  readonly libc: Libc | undefined;
  readonly launcher: Launcher;
}

/** Brings it or throws; replaced in tests. */
export type SystemLoader = () => System;

/** Loads the binaries that this system needs, at the first call. */
export const loadSystem: SystemLoader = once(() => {
  if (process.platform !== 'linux')
    return { libc: undefined, launcher: new NodeLauncher(undefined, loadNativePty) };
  const libc = loadLibc();
  return { libc, launcher: findPosixLauncher(libc) ?? new NodeLauncher(libc, loadNativePty) };
});

/** A failure stays one: to look for a missing binary again takes a while at each start. */
function once<T>(load: () => T): () => T {
  let result: (() => T) | undefined;
  return () => {
    result ??= attempt(load);
    return result();
  };
}

function attempt<T>(load: () => T): () => T {
  try {
    const loaded = load();
    return () => loaded;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
