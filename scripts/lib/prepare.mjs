// What a fresh clone lacks before anything else can run. Imports nothing that npm would have to bring first.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Runs a command with this terminal as its own; resolves with its exit status.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  const shell = process.platform === 'win32' && /^(npm|npx)$/.test(command);
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', shell, ...options });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Like `run`, but a status other than 0 is an error. */
export async function must(command, args, options) {
  const status = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
}

/** Refuses an old Node with a sentence, and installs the packages of package-lock.json unless they are there. */
export async function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
  }
  if (isInstalled()) return;
  await must('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}

/** npm writes its own lock file into node_modules last, so one that is older than ours tells of an unfinished or old install. */
function isInstalled() {
  const made = fs.statSync(path.join(ROOT, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  const wanted = fs.statSync(path.join(ROOT, 'package-lock.json'));
  return made !== undefined && made.mtimeMs >= wanted.mtimeMs;
}
