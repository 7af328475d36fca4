import { constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { disk } from '../blocking';
import { canMergeStderr } from '../environment';
import { homeFolder, inTime, temporaryFolder, type FolderPath } from './hostFolders';
import { fromNativePath, platformName, type EnvironmentInfo, type ShellName } from '../protocol';

export interface EnvironmentFacts {
  /** Absolute native path; the home folder when absent. */
  readonly cwd?: FolderPath | undefined;
  readonly executorVersion: string;
  readonly surroundings: Surroundings;
  readonly platform?: NodeJS.Platform;
}

/** What has to be looked for on the disks of this machine. */
export interface Surroundings {
  readonly shell: Shell;
  readonly tempDir: FolderPath;
}

/** Each is shown to work by test/wire/capabilities.test.ts. */
const CAPABILITIES = {
  fsWatchMissing: true,
  httpHeaderEnvVars: true,
  fileWriteStreaming: true,
  processLifetime: true,
  processLabel: true,
  processMembers: true,
  processGraceful: true,
  needsInput: true,
  atPrompt: true,
} as const;
/** Where it can be seen who listens on which port. */
const PORTS = { processPorts: true } as const;
/** Where there are signals. */
const SIGNALS = { processSendSignal: true } as const;
/** Where stderr can be the same pipe as stdout. */
const MERGES = { processMergeStderr: true } as const;

/** What clients are told about this executor (docs/protocol/environment.md#environmentinfo). */
export function describeEnvironment(facts: EnvironmentFacts): EnvironmentInfo {
  const { cwd, executorVersion, surroundings, platform = process.platform } = facts;
  const name = platformName(platform);
  const uri = (path: FolderPath) => fromNativePath(path, name);
  return {
    shell: surroundings.shell,
    cwd: uri(cwd ?? homeFolder()),
    executorVersion,
    userHomeDir: uri(homeFolder()),
    platformOs: name,
    tempDir: uri(surroundings.tempDir),
    capabilities: {
      ...CAPABILITIES,
      ...(canMergeStderr(platform) ? MERGES : {}),
      ...(platform === 'win32' ? {} : SIGNALS),
      ...(platform === 'linux' ? PORTS : {}),
    },
  };
}

/** Finds what a description needs, by `SHELL`, `PATH` and the like. Never rejects, and waits for no dead disk for long. */
export async function lookAround(): Promise<Surroundings> {
  const { env, platform } = process;
  const shell = platform === 'win32' ? windowsShell(env, isProgram) : unixShell(env, isProgram);
  return { shell: await shell, tempDir: await temporaryFolder() };
}

type Shell = EnvironmentInfo['shell'];
type Env = Readonly<Record<string, string | undefined>>;
type Exists = (path: string) => Promise<boolean>;

/** Clients that meet another name use their own shell's path, so a person with fish gets bash or sh. */
const UNIX_SHELLS: readonly ShellName[] = ['bash', 'zsh', 'sh'];

export async function unixShell(env: Env, exists: Exists): Promise<Shell> {
  const own = env['SHELL'] ?? '';
  const ownName = UNIX_SHELLS.find((name) => name === basename(own));
  if (ownName && own.startsWith('/') && (await exists(own))) return { name: ownName, path: own };
  const folders = [
    '/bin',
    '/usr/bin',
    ...(env['PATH'] ?? '').split(delimiter).filter((p) => p.startsWith('/')),
  ];
  for (const name of ['bash', 'sh'] as const) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (await exists(path)) return { name, path };
    }
  }
  return { name: 'sh', path: '/bin/sh' };
}

export async function windowsShell(env: Env, exists: Exists): Promise<Shell> {
  const root = env['SystemRoot'] ?? 'C:\\Windows';
  const powershell = `${root}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  if (await exists(powershell)) return { name: 'powershell', path: powershell };
  return { name: 'cmd', path: env['ComSpec'] ?? `${root}\\System32\\cmd.exe` };
}

function isProgram(path: string): Promise<boolean> {
  return inTime(async () => {
    await disk.access(path, constants.X_OK);
    return (await disk.stat(path)).kind === 'file';
  });
}
