/**
 * Installs a pinned version of the real, unchanged Codex CLI into a cache and tells where its program is.
 *
 * The cache root is EXEC_SERVER_CACHE, else $XDG_CACHE_HOME/vscode-exec-server, else
 * ~/.cache/vscode-exec-server. The install happens in a neighbouring folder that is renamed into place
 * at the end, so an interrupted or a simultaneous run never leaves a half-made one behind.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** What the suites are written for; CODEX_VERSION=0.169.0 has them run with the one before, which must keep working. */
export const CODEX_VERSION = process.env.CODEX_VERSION || '0.171.0';

const run = promisify(execFile);

/** The folder under which all downloads of this project are kept. */
export function cacheRoot(env = process.env) {
  if (env.EXEC_SERVER_CACHE) return env.EXEC_SERVER_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vscode-exec-server');
}

/** The native program inside an install, else the package's Node launcher, else undefined. */
export function findProgram(folder) {
  const scope = join(folder, 'node_modules', '@openai');
  const native = join(scope, `codex-${process.platform}-${process.arch}`, 'vendor');
  const name = process.platform === 'win32' ? 'codex.exe' : 'codex';
  for (const triple of existsSync(native) ? readdirSync(native) : []) {
    for (const sub of ['bin', 'codex', '.']) {
      const program = join(native, triple, sub, name);
      if (existsSync(program)) return program;
    }
  }
  const launcher = join(scope, 'codex', 'bin', 'codex.js');
  return existsSync(launcher) ? launcher : undefined;
}

/** Installs the pinned CLI unless it is there already; answers the path of its program. */
export async function ensureCodex() {
  const root = cacheRoot();
  const folder = join(root, `codex-${CODEX_VERSION}`);
  const present = findProgram(folder);
  if (present) return present;
  await mkdir(root, { recursive: true });
  const work = await mkdtemp(join(root, `.codex-${CODEX_VERSION}-`));
  try {
    await install(work);
    const made = findProgram(work);
    if (!made) throw new Error(`@openai/codex@${CODEX_VERSION} has no program for this platform`);
    await putInPlace(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const program = findProgram(folder);
  if (!program) throw new Error(`no Codex program in ${folder}`);
  return program;
}

/** Runs npm in an empty folder of its own, so that no other project's manifest plays a part. */
async function install(folder) {
  await writeFile(join(folder, 'package.json'), '{ "name": "codex-cache", "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  args.push('--include=optional', '--prefix', folder, `@openai/codex@${CODEX_VERSION}`);
  const shell = process.platform === 'win32';
  const options = { cwd: folder, shell, timeout: 600_000, maxBuffer: 16 * 1024 * 1024 };
  try {
    await run(shell ? 'npm.cmd' : 'npm', args, options);
  } catch (error) {
    throw new Error(`cannot install @openai/codex@${CODEX_VERSION}: ${error.stderr || error.message}`, {
      cause: error,
    });
  }
}

/** Renames into place; a complete install that someone else put there meanwhile is just as good. */
async function putInPlace(work, folder) {
  try {
    await rename(work, folder);
  } catch (error) {
    if (findProgram(folder)) return;
    if (!existsSync(folder)) throw error;
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  ensureCodex().then(
    (path) => console.log(path),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
