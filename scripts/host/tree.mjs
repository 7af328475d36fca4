// A process that we start, with all that it starts in turn: nothing of it outlives us.
import { execFileSync } from 'node:child_process';
import { alive, processes, withDescendants } from './processes.mjs';
import { say, sleep } from './run.mjs';

/** For an orderly end of the root: deactivate() of an extension gets 5 s in VS Code. */
const ROOT_GRACE_MS = 6000;

/** For the rest, once the root has gone. */
const REST_GRACE_MS = 2000;

/** What loses its parent between two looks is not found any more. */
const LOOK_EVERY_MS = 500;

/** @typedef {import('./processes.mjs').Row} Row */

/**
 * @param {import('node:child_process').ChildProcess} child just started
 * @returns {{ stop: (prelude?: () => Promise<void>) => Promise<void> }} `prelude`: a gentle way to end some of them, tried first
 */
export function ownTree(child) {
  endInOrder();
  if (process.platform === 'win32') return ownTreeOnWindows(child);
  let family = processes().filter((row) => row.pid === child.pid);
  const look = () => {
    const known = alive(family);
    const below = withDescendants(known);
    const pids = new Set(below.map((row) => row.pid));
    family = [...below, ...known.filter((row) => !pids.has(row.pid))];
    return family;
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  const kill = () => look().map((row) => (killOne(row), row));
  process.once('exit', kill);

  const stop = async (/** @type {(() => Promise<void>) | undefined} */ prelude) => {
    look();
    await prelude?.();
    // Only the root is told: the editor's server then lets its extension hosts end in order.
    child.kill('SIGTERM');
    await until(() => child.exitCode !== null || child.signalCode !== null, ROOT_GRACE_MS);
    await until(() => look().length === 0, REST_GRACE_MS);
    clearInterval(timer);
    process.removeListener('exit', kill);
    const left = kill();
    if (left.length) say(`had to kill ${left.map((row) => `${row.name} (${row.pid})`).join(', ')}`);
  };
  return { stop };
}

/** A signal by itself would end us without our exit handlers, and leave servers and browsers behind. */
function endInOrder() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(130));
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function ownTreeOnWindows(child) {
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    } catch {
      // gone already
    }
  };
  process.once('exit', kill);
  const stop = async (/** @type {(() => Promise<void>) | undefined} */ prelude) => {
    await prelude?.();
    kill();
  };
  return { stop };
}

/** @param {Row} row */
function killOne({ pid }) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

/** @param {() => boolean} done @param {number} timeoutMs */
async function until(done, timeoutMs) {
  for (const end = Date.now() + timeoutMs; Date.now() < end && !done();) await sleep(50);
}
