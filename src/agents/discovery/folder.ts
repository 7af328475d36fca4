import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const NAME = 'exec-server';

/** Where the windows and servers of a person on this machine, and the programs of their agents, find each other. */
export interface DiscoveryFolder {
  /** One record for each window and server that listens. */
  readonly windows: string;
  /** Commands that agents run themselves, as they announce them. */
  readonly commands: string;
  /** The programs that configurations of agents name. */
  readonly programs: string;
}

/**
 * The discovery folder of this person, one for all their programs, whatever started them: so not in a folder of the
 * editor's, and not in one that only a login session has.
 *
 * @param env the environment of this process
 */
export function discoveryFolder(env: Readonly<NodeJS.ProcessEnv> = process.env): DiscoveryFolder {
  return foldersIn(join(stateFolder(env), NAME));
}

/** The folders under this one, which need not be there. */
export function foldersIn(root: string): DiscoveryFolder {
  return {
    windows: join(root, 'windows'),
    commands: join(root, 'commands'),
    programs: join(root, 'bin'),
  };
}

function stateFolder(env: Readonly<NodeJS.ProcessEnv>): string {
  const local = env['LOCALAPPDATA'] ?? '';
  if (process.platform === 'win32') return isAbsolute(local) ? local : homedir();
  const state = env['XDG_STATE_HOME'] ?? '';
  return isAbsolute(state) ? state : join(homedir(), '.local', 'state');
}
