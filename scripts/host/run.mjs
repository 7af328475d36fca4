// Child processes for the scripts: run one to its end, or find one on PATH.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Messages go to stderr, so that stdout carries results only. @param {...unknown} words */
export const say = (...words) => console.error('[host]', ...words);

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs a command to its end; a non-zero end rejects with the tail of what it wrote.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean }} [options] `show`: output goes to the person
 * @returns {Promise<string>} what it wrote to stdout
 */
export function run(command, args, { cwd, env = process.env, timeoutMs = 600_000, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, and those need a shell.
      shell: process.platform === 'win32' && command === 'npm',
    });
    let [out, all] = ['', ''];
    child.stdout?.on('data', (chunk) => ((out += chunk), (all += chunk)));
    child.stderr?.on('data', (chunk) => (all += chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', (error) => (clearTimeout(timer), reject(error)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(out);
      const tail = all.trim().split('\n').slice(-20).join('\n');
      reject(new Error(`${command} ${args.join(' ')}: ended with ${signal ?? code}\n${tail}`));
    });
  });
}

/** The first of `names` that is an executable file: absolute, or on PATH. @param {(string | undefined)[]} names */
export function which(...names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd'] : [''];
  for (const name of names) {
    if (!name) continue;
    const places = path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name));
    for (const file of places.flatMap((place) => endings.map((ending) => place + ending))) {
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** True if this module is the one that was started. @param {string} url its import.meta.url */
export function isMain(url) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(url);
}
