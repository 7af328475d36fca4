// Ends a process that we started, with everything that it started in turn.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { sleep } from './run.mjs';

/** How long a process gets to clean up after SIGTERM: an extension's deactivate() has 5 s in VS Code. */
const GRACE_MS = 6000;

/**
 * @typedef {{ pid: number, parent: number, start: string }} Row a process; pid and start together are unique
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => Promise<void>} [prelude] a gentle way to end some of them, tried before
 */
export async function stopTree(child, prelude) {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  // Looked up first: what outlives its parent could not be found any more.
  const family = process.platform === 'win32' ? [] : descendants(child.pid);
  await prelude?.();
  if (process.platform === 'win32') return killTree(child);
  // Only the root is told: the editor's server then lets its extension hosts end in order.
  child.kill('SIGTERM');
  for (const end = Date.now() + GRACE_MS; Date.now() < end && survivors(family).length; ) await sleep(50);
  killAll(family);
}

/** The same at once, for exit handlers, which cannot wait. @param {import('node:child_process').ChildProcess} child */
export function killTree(child) {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    quietly(() => execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' }));
  } else {
    killAll(descendants(child.pid));
  }
}

/** @param {Row[]} family */
function killAll(family) {
  for (const { pid } of survivors(family)) quietly(() => process.kill(pid, 'SIGKILL'));
}

/** Those of `family` that still run: a pid alone could have been given to a stranger. @param {Row[]} family */
function survivors(family) {
  const now = new Map(processes().map((row) => [row.pid, row.start]));
  return family.filter((row) => now.get(row.pid) === row.start);
}

/** @param {number} root @returns {Row[]} the root and all below it */
function descendants(root) {
  const all = processes();
  const found = all.filter((row) => row.pid === root);
  for (const parent of found) found.push(...all.filter((row) => row.parent === parent.pid));
  return found;
}

/** Linux is read from /proc, as small images have no `ps`. @returns {Row[]} without zombies */
function processes() {
  if (process.platform !== 'linux') return fromPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => quietly(() => fromStat(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))) ?? []);
}

/** @param {number} pid @param {string} stat @returns {Row[]} */
function fromStat(pid, stat) {
  // The name, in parentheses, may hold anything; the fixed fields begin after the last one: state, ppid, …, start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? [] : [{ pid, parent: Number(fields[1]), start: fields[19] ?? '' }];
}

/** @returns {Row[]} */
function fromPs() {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, stat, start] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid && !stat?.startsWith('Z') ? [{ pid: Number(pid), parent: Number(parent), start: start ?? '' }] : [];
  });
}

/** @template T @param {() => T} action @returns {T | undefined} */
function quietly(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
