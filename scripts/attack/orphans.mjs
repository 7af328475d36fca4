// Servers that die by SIGKILL with processes of all kinds, and numbers of ours that strangers have got.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ_ONLY_SANDBOX } from '../../test/support/readOnlySandbox.ts';
import { STAYING } from '../../test/support/stays.ts';
import { ROOT } from '../lib/prepare.mjs';
import { Client, startServer } from './host.mjs';

const ROUNDS = 30;
const GONE_MS = 10_000;

function lives(/** @type {number} */ pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !'ZX'.includes(stat[stat.lastIndexOf(')') + 2] ?? 'X');
  } catch {
    return false;
  }
}

/** All in sandboxes of a server, by their numbers out here. @param {number} server @returns {number[]} */
function insiders(server) {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  /** @type {Map<number, number>} */
  const parents = new Map();
  const inside = new Set();
  for (const pid of pids) {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      parents.set(Number(pid), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
      // A number in a namespace of its own as well.
      if (/^NSpid:\s*\d+\s+\d+/m.test(status)) inside.add(Number(pid));
    } catch {
      // It has ended.
    }
  }
  const isOf = (/** @type {number | undefined} */ pid) => {
    for (let at = pid; at; at = parents.get(at)) if (at === server) return true;
    return false;
  };
  return [...inside].filter(isOf);
}

/** The pids that are to end with their server. @param {Client} client @param {number} server @returns {Promise<number[]>} */
async function startAll(client, server) {
  /** @type {Map<string, (pid: number) => void>} */
  const waiting = new Map();
  const text = new Map();
  client.told = ({ params: { processId, chunk = '' } }) => {
    text.set(processId, (text.get(processId) ?? '') + Buffer.from(chunk, 'base64'));
    const [, pid] = /me=(\d+)\./.exec(text.get(processId)) ?? [];
    if (pid) waiting.get(processId)?.(Number(pid));
  };
  const ways = [
    { tty: true },
    { tty: false },
    { tty: true, sandbox: READ_ONLY_SANDBOX },
    { tty: false, sandbox: READ_ONLY_SANDBOX },
  ];
  let refusal;
  const pids = await Promise.all(
    ways.flatMap((way, at) =>
      STAYING.map(async (script, index) => {
        const id = `p${at}-${index}`;
        const found = new Promise((resolve) => waiting.set(id, resolve));
        const { error } = await client.start(id, ['/bin/sh', '-c', script], way);
        refusal ??= error?.message;
        // In a sandbox it knows itself by another number.
        const pid = error ? undefined : await found;
        return way.sandbox ? undefined : pid;
      }),
    ),
  );
  if (refusal) console.log(`orphans: not started: ${refusal}`);
  return [...pids.filter((pid) => pid !== undefined), ...insiders(server)];
}

async function round() {
  const { child, url } = await startServer();
  const pids = await startAll(await Client.greeted(url), child.pid ?? 0);
  child.kill('SIGKILL');
  for (const end = Date.now() + GONE_MS; pids.some(lives) && Date.now() < end;) await sleep(50);
  const left = pids.filter(lives);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return { started: pids.length, left: left.length };
}

export async function attackOrphans() {
  let [started, left] = [0, 0];
  for (let index = 0; index < ROUNDS; index++) {
    const result = await round();
    started += result.started;
    left += result.left;
  }
  return [`${ROUNDS} servers killed with ${started} processes, ${left} orphans`];
}

/** In a pid namespace of its own, where the next number can be chosen. */
export async function attackStrangers() {
  const script = path.join(ROOT, 'test/unit/process/stop/takeOver.ts');
  const namespace = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const collecting = ['sh', '-c', '"$0" "$@"; exit $?'];
  const { stdout, stderr } = spawnSync(
    'unshare',
    [...namespace, ...collecting, process.execPath, '--import', 'tsx', script],
    {
      encoding: 'utf8',
      cwd: ROOT,
    },
  );
  if (!stdout.startsWith('{')) return [`strangers: not tried, ${stderr.trim().split('\n')[0]}`];
  const fates = Object.values(JSON.parse(stdout));
  return [
    `${fates.length} numbers of ours given to strangers, ${fates.filter((fate) => fate !== 'lives').length} strangers killed`,
  ];
}
