import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DiscoveryFolder } from '../discovery';
import { makeOwn } from '../discovery/identity';
import { shellProgram, STATUS_SCRIPT } from '../shell/shellProgram';

/** The programs that configurations of agents name, by paths that stay. */
export interface AgentPrograms {
  /** `exec-server` with its subcommands. */
  readonly program: string;
  /** What CLAUDE_CODE_SHELL_PREFIX names. */
  readonly prefix: string;
  /** A folder with look-alikes of shells. */
  readonly lookAlikes: string;
}

const WINDOWS = process.platform === 'win32';
const SHELLS = ['bash', 'sh', 'zsh'];
const BASH_PLACES = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/run/current-system/sw/bin/bash'];

/** Where they are, or would be. */
export function agentPrograms({ programs }: Pick<DiscoveryFolder, 'programs'>): AgentPrograms {
  return {
    program: join(programs, WINDOWS ? 'exec-server.cmd' : 'exec-server'),
    prefix: join(programs, 'exec-server-shell'),
    lookAlikes: join(programs, 'lookalike'),
  };
}

/** What the programs are made of. */
export interface ProgramSources {
  /** The bundle of the subcommands; copied, so that it stays when what it came with is replaced. */
  readonly bundle: string;
  /** A program that runs it: a Node, or the editor itself. */
  readonly node: string;
  /** That program is the editor, which has to be told. */
  readonly isEditor: boolean;
}

/**
 * Writes them anew where they have changed, each whole or not at all.
 *
 * @throws Error of the system when it cannot
 */
export function writePrograms(
  folder: DiscoveryFolder,
  { bundle, node, isEditor }: ProgramSources,
): AgentPrograms {
  const made = agentPrograms(folder);
  makeOwn(folder.programs);
  makeOwn(folder.commands);
  const copy = join(folder.programs, 'exec-server.js');
  if (!existsSync(copy) || !readFileSync(copy).equals(readFileSync(bundle))) {
    copyFileSync(bundle, `${copy}.${process.pid}.part`);
    renameSync(`${copy}.${process.pid}.part`, copy);
  }
  put(made.program, (WINDOWS ? windowsLauncher : posixLauncher)(node, copy, isEditor));
  const bash = BASH_PLACES.find((place) => existsSync(place));
  // Without one there is nothing to stand in for.
  if (WINDOWS || bash === undefined) return made;
  const { windows, commands } = folder;
  const status = join(folder.programs, 'exec-server-status');
  put(status, STATUS_SCRIPT);
  put(made.prefix, shellProgram({ bash, windows, commands, program: made.program, status }));
  mkdirSync(made.lookAlikes, { recursive: true, mode: 0o700 });
  for (const name of SHELLS) {
    const link = join(made.lookAlikes, name);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(join('..', 'exec-server-shell'), link);
  }
  return made;
}

function put(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  chmodSync(part, 0o700);
  renameSync(part, path);
}

function posixLauncher(node: string, script: string, isEditor: boolean): string {
  const editor = `${isEditor ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec ${quoted(node)} ${quoted(script)} "$@"`;
  return `#!/bin/sh
# Written by Exec Server whenever an editor starts.
[ -x ${quoted(node)} ] && ${editor}
exec node ${quoted(script)} "$@"
`;
}

function windowsLauncher(node: string, script: string, isEditor: boolean): string {
  const flag = isEditor ? 'set ELECTRON_RUN_AS_NODE=1\r\n' : '';
  return `@echo off\r\nsetlocal\r\nif not exist "${node}" goto other\r\n${flag}"${node}" "${script}" %*\r\nexit /b %errorlevel%\r\n:other\r\nnode "${script}" %*\r\n`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
