import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessTree } from './processTree';
import type { Rung, Survivor } from '../types';

/** The arguments with which taskkill stops a whole tree. Without /F programs without a window ignore it. */
export function taskkillArguments(pid: number, force: boolean): string[] {
  return ['/PID', String(pid), '/T', ...(force ? ['/F'] : [])];
}

/** Where taskkill is, whatever the PATH says. */
export function taskkillPath(env: Readonly<NodeJS.ProcessEnv>): string {
  return join(env['SystemRoot'] ?? env['SYSTEMROOT'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
}

/**
 * A tree on Windows, by taskkill. Windows does not reuse a pid while somebody holds the process open, and
 * Node does until the exit; so nothing is done after it. Never run by this project's tests.
 */
export class WindowsTree implements ProcessTree {
  constructor(
    private readonly leader: number,
    private readonly leaderLives: () => boolean,
    private readonly command: string,
  ) {}

  async search(): Promise<void> {
    // taskkill /T walks the tree itself.
  }

  leaderExited(): void {
    // Nothing is done after it.
  }

  signal(rung: Rung, _graceMs?: number, asked?: (members: readonly Survivor[]) => void): void {
    asked?.(this.alive());
    // There is no SIGINT to another console; in a terminal it is typed instead, see ManagedProcess.
    if (rung === 'interrupt' || !this.leaderLives()) return;
    const args = taskkillArguments(this.leader, rung === 'kill');
    spawn(taskkillPath(process.env), args, { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
  }

  async killGroup(): Promise<void> {
    // There are no groups.
  }

  hangUp(): void {
    // Closing a pseudoconsole is a kill, and that is the next rung.
  }

  alive(): Survivor[] {
    return this.leaderLives() ? [{ pid: this.leader, command: this.command }] : [];
  }

  groupAlive(): boolean {
    return false;
  }
}
