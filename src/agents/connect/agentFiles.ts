import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { AgentPrograms } from '../programs/writePrograms';
import { AGENT_KINDS, type AgentKind, type ConfigurationStatus } from './kinds';
import { programVersion } from './version';
import { errorCode } from '../../values';

/** One agent on this machine, and what Connect would do. */
export interface AgentState {
  readonly id: string;
  readonly name: string;
  /** Its program, undefined where there is none on PATH. */
  readonly found: string | undefined;
  /** That of its program, as `programVersion` tells it. */
  readonly version: string | undefined;
  readonly file: string;
  /** `unreadable`: the file is there and is not what it should be. */
  readonly status: ConfigurationStatus | 'unreadable';
  readonly effect: string;
  /** The file's text now; empty where it is not there. */
  readonly before: string;
  /** What Connect would write; undefined where it would not. */
  readonly after: string | undefined;
}

/** A change that cannot be made; the message says why and how to go on. */
export class AgentFileError extends Error {}

/** Every agent that has a file to be connected by, whether it is installed or not. */
export function agentStates(
  programs: AgentPrograms,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): AgentState[] {
  return AGENT_KINDS.map((kind) => stateOf(kind, programs, env));
}

/**
 * The agent of this id.
 *
 * @throws ConnectError that names those that there are
 */
export function agentKind(id: string): AgentKind {
  const kind = AGENT_KINDS.find((known) => known.id === id);
  if (kind) return kind;
  throw new AgentFileError(
    `There is no agent "${id}"; there are: ${AGENT_KINDS.map((known) => known.id).join(', ')}.`,
  );
}

export function stateOf(
  kind: AgentKind,
  programs: AgentPrograms,
  env: Readonly<NodeJS.ProcessEnv>,
): AgentState {
  const { id, name, command, effect } = kind;
  const file = kind.file(env);
  const found = onPath(command, env);
  const version = found === undefined ? undefined : programVersion(found);
  const known = { id, name, effect, file, found, version };
  let before = '';
  try {
    before = textOf(file);
    const status = kind.status(before, programs);
    const after = status === 'taken' ? undefined : kind.connect(before, programs);
    return { ...known, before, status, after };
  } catch {
    return { ...known, before, status: 'unreadable', after: undefined };
  }
}

/**
 * Writes what `stateOf` shows.
 *
 * @throws ConnectError when the place is taken, or the file is not what it should be
 */
export function connectAgent(
  kind: AgentKind,
  programs: AgentPrograms,
  env: Readonly<NodeJS.ProcessEnv>,
): void {
  const { status, file, after } = stateOf(kind, programs, env);
  if (status === 'connected') return;
  if (after === undefined) {
    const why = status === 'taken' ? 'has something else where the connection would be' : 'cannot be read';
    throw new AgentFileError(
      `${kind.name} is not connected: ${file} ${why}. Change it by hand, then connect again.`,
    );
  }
  put(file, after);
}

/** Takes out what Connect has written, and leaves the rest. Does nothing where there is nothing of ours. */
export function disconnectAgent(
  kind: AgentKind,
  programs: AgentPrograms,
  env: Readonly<NodeJS.ProcessEnv>,
): void {
  const { status, file, before } = stateOf(kind, programs, env);
  if (status !== 'connected') return;
  const rest = kind.disconnect(before, programs);
  if (rest === undefined) rmSync(realFile(file));
  else put(file, rest);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Whole or not at all, with the rights that it has; a link stays one. */
function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const target = realFile(file);
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? 0o600;
  writeFileSync(`${target}.part`, text, { mode });
  renameSync(`${target}.part`, target);
}

function realFile(file: string): string {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(file) : file;
}

/** Where a program is that a shell would find; undefined where it finds none. */
function onPath(command: string, env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const places = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return places
    .flatMap((folder) => endings.map((ending) => join(folder, command + ending)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}
