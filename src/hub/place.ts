import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  canMergeStderr,
  hostEnvironment,
  LOCAL_ENVIRONMENT_ID,
  NOT_ELSEWHERE,
  SandboxRefusal,
  WHOLE_ENVIRONMENT,
  type Environment,
  type HostParams,
  type LocalHostBackend,
  type ManagedProcess,
  type ProcessOwner,
} from '../environment';
import type { Environments } from './environments';

type Asked =
  'argv' | 'env' | 'tty' | 'pipeStdin' | 'arg0' | 'size' | 'sandbox' | 'isForPerson' | 'mergeStderr';

/**
 * What to start at a place; `env` is laid over the environment that a child there has anyway. A `sandbox` is for this
 * machine only; `mergeStderr` counts where the machine can do that.
 */
export interface PlaceParams extends Pick<HostParams, Asked> {
  /** Absolute path as it is written there, the place's own folder when absent. */
  readonly cwd?: string | undefined;
}

/** Where commands run: this machine, or an environment that is connected. */
export interface Place {
  /** The environment's id. */
  readonly id: string;
  /** Where commands run unless they say otherwise. */
  readonly folder: string;
  /** The program that a person there types into. */
  readonly shell: string;
  /** Shell and flags to put before a command line, e.g. `['/bin/bash', '-c']`. */
  readonly commandShell: readonly string[];
  isAbsolute(name: string): boolean;
  /** Rejects with a SpawnError, a SandboxRefusal, a LimitError or the other host's words. */
  start(params: PlaceParams, owner: ProcessOwner): Promise<ManagedProcess>;
}

/** This machine. */
export class LocalPlace implements Place {
  readonly id = LOCAL_ENVIRONMENT_ID;

  constructor(
    private readonly backend: LocalHostBackend,
    private readonly folderOf: () => string,
  ) {}

  get folder(): string {
    return this.folderOf();
  }

  get shell(): string {
    if (process.platform === 'win32') return process.env['ComSpec'] ?? 'cmd.exe';
    return process.env['SHELL'] ?? '/bin/sh';
  }

  get commandShell(): readonly string[] {
    const { shell } = this;
    if (process.platform === 'win32') return [shell, '/d', '/s', '/c'];
    return [/\/(?:ba|z)?sh$/.test(shell) ? shell : '/bin/sh', '-c'];
  }

  isAbsolute(name: string): boolean {
    return path.isAbsolute(name);
  }

  start(params: PlaceParams, owner: ProcessOwner): Promise<ManagedProcess> {
    const { cwd = this.folder, env } = params;
    const all = { ...hostEnvironment(process.env), ...env };
    const mergeStderr = params.mergeStderr === true && canMergeStderr();
    return this.backend.start({ ...params, mergeStderr, processId: randomUUID(), cwd, env: all, owner });
  }
}

/** Another machine, by its exec-server. */
export class RemotePlace implements Place {
  constructor(
    private readonly environment: Environment,
    private readonly environments: Environments,
  ) {}

  get id(): string {
    return this.environment.id;
  }

  get folder(): string {
    return this.environments.folder(this.id);
  }

  get shell(): string {
    return this.environment.info?.shell.path ?? '/bin/sh';
  }

  get commandShell(): readonly string[] {
    const { shell } = this;
    return this.environment.info?.shell.name === 'cmd' ? [shell, '/d', '/s', '/c'] : [shell, '-c'];
  }

  isAbsolute(name: string): boolean {
    const windows = this.environment.info?.platformOs === 'windows';
    return (windows ? path.win32 : path.posix).isAbsolute(name);
  }

  async start(params: PlaceParams, owner: ProcessOwner): Promise<ManagedProcess> {
    const { cwd = this.folder, sandbox, ...rest } = params;
    if (sandbox) throw new SandboxRefusal('sandbox', NOT_ELSEWHERE, 'Start it on this machine.');
    const full = { ...rest, processId: randomUUID(), cwd, envPolicy: WHOLE_ENVIRONMENT };
    return this.environment.start(full, owner);
  }
}
