import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announce, foldersIn, type Announced } from '../../../../src/agents/discovery';
import { writePrograms, type AgentPrograms } from '../../../../src/agents/programs/writePrograms';
import { ShownCommands } from '../../../../src/agents/shell/shownCommands';
import { ProcessTable, type ManagedProcess } from '../../../../src/environment';

/** A window of a workspace with what agents are given, without an editor around it. */
export class Stage {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
  readonly workspace = join(this.root, 'workspace');
  readonly folders = foldersIn(join(this.root, 'state'));
  readonly programs: AgentPrograms;
  readonly problems: string[] = [];
  table = new ProcessTable();
  shown: ShownCommands | undefined;
  private announced: Announced | undefined;

  constructor(bundle?: string) {
    mkdirSync(this.workspace);
    const empty = join(this.root, 'bundle.js');
    writeFileSync(empty, '');
    const isEditor = false;
    this.programs = writePrograms(this.folders, {
      bundle: bundle ?? empty,
      node: process.execPath,
      isEditor,
    });
  }

  async open(): Promise<void> {
    const { windows, commands: folder } = this.folders;
    const failed = (message: string): unknown => this.problems.push(message);
    this.announced = await announce({
      kind: 'window',
      name: 'Editor',
      folders: [this.workspace],
      windows,
      doors: {},
      refused: failed,
    });
    this.shown = new ShownCommands({ table: this.table, folder, judge: () => () => true, failed });
  }

  /** As a window ends that is reloaded: its table, and all it started, goes. */
  async close(): Promise<void> {
    await this.announced?.close();
    await this.table.shutdown({ graceMs: 100 });
    await this.shown?.close();
    this.shown = undefined;
    this.table = new ProcessTable();
  }

  async clear(): Promise<void> {
    await this.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** The environment of a command of an agent that calls itself `x`. */
  env(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: this.root, AI_AGENT: 'x', ...more };
  }

  async row(wanted: (row: ManagedProcess) => boolean = () => true): Promise<ManagedProcess> {
    return until('a row', () => this.table.list().find(wanted));
  }
}

export async function until<T>(what: string, look: () => T | undefined | false, ms = 15_000): Promise<T> {
  for (const end = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
  }
}

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts a program as agents do: leader of a session, no input. */
export function start(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): { child: ChildProcess; result: Promise<Result> } {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout?.on('data', (data: Buffer) => parts.stdout.push(data));
  child.stderr?.on('data', (data: Buffer) => parts.stderr.push(data));
  const text = (of: Buffer[]): string => Buffer.concat(of).toString('latin1');
  const result = new Promise<Result>((resolve) =>
    child.on('close', (code, signal) =>
      resolve({ stdout: text(parts.stdout), stderr: text(parts.stderr), code, signal }),
    ),
  );
  return { child, result };
}

export function outputOf(row: ManagedProcess, stream: 'stdout' | 'stderr' = 'stdout'): string {
  return row.snapshot(stream).bytes.toString('latin1');
}
