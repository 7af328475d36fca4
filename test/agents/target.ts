/** The server under test: given by URL, or started here. */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCodex } from '../../scripts/install-codex.mjs';
import { eachLine, start, stop, type Child } from './child';
import { eventually } from './wait';

/** Name of a variable that only the server's environment has, if we have started it. */
export const PROBE = 'EXEC_SERVER_PROBE';

/** What the scenarios have to know about a server. */
export interface AgentTarget {
  /** The full ws URL, token included. */
  url: string;
  /** The value of the variable PROBE in the server's environment. */
  probe?: string;
  /** What becomes of a command that comes with a sandbox. */
  sandbox: 'refused' | 'enforced';
  /** Whether replies of more than 16 MiB come in several frames. */
  splitsFrames: boolean;
  /** Gives a URL and a token for its header; absent if the server takes none. */
  bearer?: () => Promise<{ url: string; token: string; close: () => Promise<void> }>;
  close: () => Promise<void>;
}

/** Starts a server that prints its URL as the first line. */
async function listen(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ child: Child; url: string }> {
  const child = start(argv, tmpdir(), { ...process.env, ...env });
  let url: string | undefined;
  eachLine(child, (line) => (url ??= line.trim()));
  try {
    await eventually('the URL of the server', () => {
      if (child.process.exitCode !== null) throw new Error(`the server ended: ${child.stderr()}`);
      return url;
    });
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { child, url: url ?? '' };
}

/** Whether this machine lets us make a sandbox at all. Where it does, a server that refuses is at fault. */
function hasSandboxes(): boolean {
  if (process.platform !== 'linux') return false;
  const { status } = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '/bin/true']);
  return status === 0;
}

/** Our own kind of server at this URL, wherever it runs. */
export function ours(url: string): AgentTarget {
  const { host, pathname } = new URL(url);
  const token = pathname.slice(1);
  const target: AgentTarget = {
    url,
    sandbox: hasSandboxes() ? 'enforced' : 'refused',
    splitsFrames: true,
    close: () => Promise.resolve(),
  };
  const bearer = () => Promise.resolve({ url: `ws://${host}`, token, close: () => Promise.resolve() });
  return token ? { ...target, bearer } : target;
}

/** Starts our server without an editor. */
async function startOurs(): Promise<AgentTarget> {
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Error('dist/cli.js is missing: run "npm run build" first');
  const probe = randomUUID();
  const { child, url } = await listen([process.execPath, cli, '--listen', 'ws://127.0.0.1:0'], {
    [PROBE]: probe,
  });
  return { ...ours(url), probe, close: () => stop(child) };
}

/** Starts the reference: the server inside the Codex CLI. */
async function startReference(): Promise<AgentTarget> {
  const argv = [await ensureCodex(), 'exec-server', '--listen', 'ws://127.0.0.1:0'];
  const probe = randomUUID();
  // It makes no helpers in a temporary folder, and without them it has no sandbox.
  const home = mkdtempSync('/var/tmp/reference-home-');
  const env = { [PROBE]: probe, CODEX_HOME: home };
  const { child, url } = await listen(argv, env);
  const close = async () => {
    await stop(child);
    rmSync(home, { recursive: true, force: true });
  };
  const bearer = async () => {
    const token = randomUUID();
    const digest = createHash('sha256').update(token).digest('hex');
    const auth = ['--ws-auth', 'capability-token', '--ws-token-sha256', digest];
    const guarded = await listen([...argv, ...auth], env);
    return { url: guarded.url, token, close: () => stop(guarded.child) };
  };
  return { url, probe, sandbox: 'enforced', splitsFrames: false, bearer, close };
}

/** The server that the environment names: AGENTS_SERVER_URL, AGENTS_SERVER=reference, else our own. */
export async function openTarget(env = process.env): Promise<AgentTarget> {
  const url = env['AGENTS_SERVER_URL'];
  if (url) return ours(url);
  return env['AGENTS_SERVER'] === 'reference' ? startReference() : startOurs();
}
