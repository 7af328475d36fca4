import { accessSync, constants, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fromNativePath, platformName, type EnvironmentInfo, type ShellName } from '../protocol';

export interface EnvironmentFacts {
  /** Absolute native path; the home directory when absent. */
  readonly cwd?: string | undefined;
  readonly executorVersion: string;
  /** Where `SHELL`, `PATH` and the like are looked up. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}

/** Each is shown to work by test/wire/capabilities.test.ts. */
const CAPABILITIES = {
  fsWatchMissing: true,
  httpHeaderEnvVars: true,
  fileWriteStreaming: true,
} as const;

/** What clients are told about this executor (PROTOCOL chapters 11 and 18). */
export function describeEnvironment(facts: EnvironmentFacts): EnvironmentInfo {
  const { cwd, executorVersion, env = process.env, platform = process.platform } = facts;
  const name = platformName(platform);
  const uri = (path: string) => fromNativePath(path, name);
  return {
    shell: platform === 'win32' ? windowsShell(env, isProgram) : unixShell(env, isProgram),
    cwd: uri(cwd ?? homedir()),
    executorVersion,
    userHomeDir: uri(homedir()),
    platformOs: name,
    tempDir: uri(tmpdir()),
    capabilities: CAPABILITIES,
  };
}

type Shell = EnvironmentInfo['shell'];
type Env = Readonly<Record<string, string | undefined>>;
type Exists = (path: string) => boolean;

/** Clients that meet another name use their own shell's path, so a person with fish gets bash or sh. */
const UNIX_SHELLS: readonly ShellName[] = ['bash', 'zsh', 'sh'];

export function unixShell(env: Env, exists: Exists): Shell {
  const own = env['SHELL'] ?? '';
  const ownName = UNIX_SHELLS.find((name) => name === basename(own));
  if (ownName && own.startsWith('/') && exists(own)) return { name: ownName, path: own };
  const folders = [
    '/bin',
    '/usr/bin',
    ...(env['PATH'] ?? '').split(delimiter).filter((p) => p.startsWith('/')),
  ];
  for (const name of ['bash', 'sh'] as const) {
    const path = folders.map((folder) => join(folder, name)).find(exists);
    if (path !== undefined) return { name, path };
  }
  return { name: 'sh', path: '/bin/sh' };
}

export function windowsShell(env: Env, exists: Exists): Shell {
  const root = env['SystemRoot'] ?? 'C:\\Windows';
  const powershell = `${root}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  if (exists(powershell)) return { name: 'powershell', path: powershell };
  return { name: 'cmd', path: env['ComSpec'] ?? `${root}\\System32\\cmd.exe` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
