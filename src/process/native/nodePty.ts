import { accessSync, chmodSync, closeSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The native part of node-pty, as far as it is used here (1.2.0-beta.15, POSIX). */
export interface NativePty {
  /**
   * Opens a terminal and starts `file`, searched in the PATH of `env`, as its session leader. A failed exec
   * shows as text in the terminal and exit code 1 only. `onExit` has the code, and the signal's number or 0.
   */
  fork(
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string };
  /** Opens a terminal without a program, by both of its sides. */
  open(cols: number, rows: number): { readonly master: number; readonly slave: number };
  resize(fd: number, cols: number, rows: number, xPixel: number, yPixel: number): void;
}

/** What is used of node-pty's public interface, on Windows. */
export interface WindowsTerminal {
  readonly pid: number;
  onData(listener: (data: string) => void): void;
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): void;
  write(data: string | Buffer): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(): void;
}

/** Starts a program in a Windows pseudoconsole. */
export interface WindowsPty {
  spawn(file: string, args: string[], options: Record<string, unknown>): WindowsTerminal;
}

/** Loads node-pty by its public interface, or throws. */
export const loadWindowsPty = (): WindowsPty =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require('node-pty') as WindowsPty;

export interface LoadedPty {
  readonly native: NativePty;
  /** A small program that macOS needs; elsewhere not there and not used. */
  readonly helperPath: string;
}

/** Finds node-pty's binary and tries it out, or throws; replaced in tests. */
export type PtyLoader = () => LoadedPty;

let loaded: LoadedPty | undefined;

/** Loads node-pty's binary for this platform at the first call, through node-pty's own loader. */
export const loadNativePty: PtyLoader = () => {
  loaded ??= load();
  return loaded;
};

function load(): LoadedPty {
  // Not at the top: a missing binary must not keep processes with pipes from running.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const utils = require('node-pty/lib/utils') as {
    loadNativeModule(name: string): { dir: string; module: NativePty };
  };
  const { dir, module: native } = utils.loadNativeModule('pty');
  const helperPath = resolve(dirname(require.resolve('node-pty/lib/utils')), dir, 'spawn-helper');
  if (process.platform === 'darwin') makeExecutable(helperPath);
  const { master, slave } = native.open(80, 24);
  closeSync(slave);
  closeSync(master);
  return { native, helperPath };
}

/** Packages lose the mode now and then, and then every start fails with `posix_spawnp failed`. */
function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}
