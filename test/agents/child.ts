/** Child processes of the tests: bounded, and ended without traces. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Process groups that still run: none may outlive the tests, however these end. */
const groups = new Set<number>();
process.on('exit', () => groups.forEach(killGroup));

/** What a child has said, and how it ended. */
export interface Child {
  process: ChildProcess;
  /** Everything on stderr so far. */
  stderr: () => string;
  /** Resolves with the exit status (or -1 after a signal). Never rejects. */
  ended: Promise<number>;
}

/** Starts a program in a process group of its own, with exactly this environment. */
export function start(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input: 'ignore' | 'pipe' = 'ignore',
): Child {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: [input, 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message;
      resolve(-1);
    });
    child.on('close', (code) => {
      if (pid !== undefined) groups.delete(pid);
      resolve(code ?? -1);
    });
  });
  return { process: child, stderr: () => stderr, ended };
}

/** Hands each line of stdout to `onLine`. */
export function eachLine(child: Child, onLine: (line: string) => void): void {
  if (child.process.stdout) createInterface({ input: child.process.stdout }).on('line', onLine);
}

/** Asks the child to end; after `grace` ms its whole group is killed. */
export async function stop(child: Child, grace = 8_000): Promise<void> {
  const { pid } = child.process;
  if (pid === undefined) return;
  child.process.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(pid), grace);
  await child.ended;
  clearTimeout(timer);
}

/** Kills a process group that this module has started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
