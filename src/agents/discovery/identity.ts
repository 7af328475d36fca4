import { lstatSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { hostLives, identityOf, makePrivate, pidScope, thisHost } from '../../environment';
import { parseText } from './parseText';
import { errorCode } from '../../values';

/** A process for as long as it lives: a pid is given to others afterwards. */
export interface Identity {
  readonly pid: number;
  /** In the platform's own unit; 0 where the system does not tell. */
  readonly start: number;
  /** Within it a pid means one process. */
  readonly scope: string;
}

const schema = v.object({ pid: v.number(), start: v.number(), scope: v.string() });

/** Undefined for anything else. */
export function parseIdentity(text: string): Identity | undefined {
  return parseText(schema, text);
}

const tellsStarts = process.platform !== 'win32';
const OTHERS_WRITE = 0o022;

/** This process. */
export function thisProcess(): Identity {
  const { pid, start } = tellsStarts ? thisHost() : { pid: process.pid, start: 0 };
  return { pid, start, scope: ownScope() };
}

/** Who has started this process; undefined where the system does not tell. */
export function parentProcess(): Pick<Identity, 'pid' | 'start'> | undefined {
  const { ppid: pid } = process;
  const start = tellsStarts ? identityOf(pid) : 0;
  return start === undefined ? undefined : { pid, start };
}

/** `elsewhere`: another machine, or another container of this one, with which the folder is shared. */
export function lifeOf({ pid, start, scope }: Identity): 'alive' | 'dead' | 'elsewhere' {
  if (scope !== ownScope()) return 'elsewhere';
  const alive = tellsStarts ? hostLives({ pid, start, firstMark: 0 }) : answers(pid);
  return alive ? 'alive' : 'dead';
}

/** Makes the folder where it is not there; throws if anybody else could read what is in it. */
export function makeOwn(folder: string): void {
  // On Windows the person's own folders are theirs alone.
  if (process.platform === 'win32') mkdirSync(folder, { recursive: true });
  else makePrivate(folder);
}

/**
 * Whether nobody but this person can have written what is there.
 *
 * @throws Error of the system when it cannot be looked at
 */
export function isOwn(path: string): boolean {
  if (process.platform === 'win32') return true;
  const status = lstatSync(path);
  const isOthers = status.uid !== process.getuid?.() || (status.mode & OTHERS_WRITE) !== 0;
  return !isOthers && !status.isSymbolicLink();
}

function ownScope(): string {
  return tellsStarts ? pidScope() : hostname();
}

/** Whether there is a process of this number. */
export function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
