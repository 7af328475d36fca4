/** What a policy is resolved for. */
export interface Surroundings {
  /** The `TMPDIR` of the process; what is no absolute path grants nothing. */
  readonly tmpdir: string | undefined;
  readonly platform: 'linux' | 'darwin';
}

/** Where the system keeps programs, libraries and their settings. */
export const SYSTEM_FOLDERS: Readonly<Record<Surroundings['platform'], readonly string[]>> = {
  linux: [
    '/bin',
    '/sbin',
    '/usr',
    '/etc',
    '/lib',
    '/lib32',
    '/lib64',
    '/libx32',
    '/nix/store',
    '/run/current-system/sw',
  ],
  darwin: [
    '/bin',
    '/sbin',
    '/usr',
    '/System',
    '/Library',
    '/private/etc',
    '/etc',
    '/private/var/db',
    '/opt/homebrew',
    '/nix/store',
  ],
};

/** Names right inside a writable folder in which others find programs to run or settings to trust. */
export const PROTECTED_NAMES = ['.git', '.agents', '.codex', '.aws'] as const;
