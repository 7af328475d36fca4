// Floods of what a window finds agents by: its private socket, the commands that they announce, the records of windows.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../lib/prepare.mjs';
import { MIB } from './host.mjs';

const MANY = 5000;
const WATCHED_MS = 6500;
const many = Array.from({ length: MANY }, (_, index) => index);

/**
 * The longest block of a window, and what its memory has grown by, while `flood` goes on and for some seconds more.
 * @param {(to: { socket: string, windows: string, commands: string, pid: number }) => Promise<unknown> | void} flood
 * @param {(windows: string) => void} [before] what is there when the window opens
 */
async function cost(flood, before) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'attack-'));
  const [windows, commands] = ['windows', 'commands'].map((name) => {
    fs.mkdirSync(path.join(root, name), { mode: 0o700 });
    return path.join(root, name);
  });
  before?.(windows);
  const script = path.join(ROOT, 'scripts/attack/findingHost.mjs');
  const child = spawn(process.execPath, ['--import', 'tsx', script, root], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [{ socket }] = await once(child, 'message');
    const ask = async () => {
      child.send('');
      return (await once(child, 'message'))[0];
    };
    await sleep(500);
    const { rss } = await ask();
    await flood({ socket, windows, commands, pid: child.pid ?? 0 });
    const honest = performance.now();
    const isWelcome = await greets(socket);
    const greeted = Math.round(performance.now() - honest);
    await sleep(WATCHED_MS);
    const descriptors = fs.readdirSync(`/proc/${child.pid}/fd`).length;
    const { startMs, most, rss: now, shown } = await ask();
    const grown = Math.round((now - rss) / MIB);
    const said = isWelcome ? `is greeted after ${greeted} ms` : 'IS NOT GREETED';
    return `opened in ${startMs} ms, blocked for ${most} ms at most, +${grown} MiB, ${descriptors} descriptors, ${shown} rows; an honest program ${said}`;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    fs.rmSync(root, { recursive: true });
  }
}

/** Whether the door opens within some seconds. @param {string} address */
async function greets(address) {
  const socket = net.connect(address);
  socket.on('error', () => undefined);
  socket.write('{"door":"echo"}\n');
  const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close'), sleep(4000, [''])]);
  socket.destroy();
  return String(answer).includes('"ok"');
}

/** Connections that say `text`; they end with the attack. @param {string} address @param {string} text */
async function connections(address, text) {
  const sockets = many.map(() => net.connect(address).on('error', () => undefined));
  for (const socket of sockets) if (text) socket.write(text);
  await sleep(1000);
  setTimeout(() => sockets.forEach((socket) => socket.destroy()), WATCHED_MS).unref();
}

/** @param {string} folder @param {(index: number) => string} name @param {(index: number) => string} text */
function files(folder, name, text) {
  for (const index of many) fs.writeFileSync(path.join(folder, name(index)), text(index), { mode: 0o600 });
}

const stat = (/** @type {number} */ pid) => {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).trim();
};
const about = (/** @type {number} */ pid, /** @type {string} */ times) =>
  ['1', pid, times, '/', 'attack', 'session', '1', '2', 'sleep', '60', 'end'].join('\0');
const NOBODY = 4_194_303;
const record = (/** @type {number} */ index) =>
  JSON.stringify({
    version: 1,
    pid: NOBODY,
    start: 1,
    scope: 'elsewhere',
    kind: 'window',
    name: 'x',
    folders: [`/${index}`],
    socket: `/nowhere/${index}`,
    since: index,
  });

/** @type {readonly (readonly [string, Parameters<typeof cost>[0], Parameters<typeof cost>[1]?])[]} */
const FLOODS = [
  ['nothing', () => undefined],
  [`${MANY} connections that say nothing`, ({ socket }) => connections(socket, '')],
  [`${MANY} first lines without an end`, ({ socket }) => connections(socket, 'x'.repeat(4000))],
  [`${MANY} first lines that are too long`, ({ socket }) => connections(socket, 'x'.repeat(5000))],
  [
    `${MANY} announcements that are broken`,
    ({ commands }) =>
      files(
        commands,
        (n) => `${n}.about`,
        () => '1\0',
      ),
  ],
  [
    `${MANY} announcements of commands that are not there`,
    ({ commands }) =>
      files(
        commands,
        (n) => `${n}.about`,
        () => about(NOBODY, ''),
      ),
  ],
  [
    `${MANY} announcements of one that runs, with output`,
    ({ commands, pid }) => {
      files(
        commands,
        (n) => `${n}.out`,
        () => 'x',
      );
      files(
        commands,
        (n) => `${n}.about`,
        () => about(pid, stat(pid)),
      );
    },
  ],
  [
    '20 announcements of 200 MiB',
    ({ commands }) => {
      for (const index of many.slice(0, 20)) {
        fs.writeFileSync(path.join(commands, `${index}.about`), '1\0');
        fs.truncateSync(path.join(commands, `${index}.about`), 200 * MIB);
      }
    },
  ],
  [
    '8 announcements that are pipes without a writer',
    ({ commands }) => {
      spawnSync(
        'mkfifo',
        many.slice(0, 8).map((index) => path.join(commands, `${index}.about`)),
      );
    },
  ],
  [
    `${MANY} records of another machine, and as many announcements`,
    ({ commands }) =>
      files(
        commands,
        (n) => `${n}.about`,
        () => about(NOBODY, ''),
      ),
    (windows) => files(windows, (n) => `${n}.json`, record),
  ],
  [
    `${MANY} records that are broken`,
    () => undefined,
    (windows) =>
      files(
        windows,
        (n) => `${n}.json`,
        () => '{',
      ),
  ],
];

export async function* attackFinding() {
  for (const [name, flood, before] of FLOODS) yield `${name}: ${await cost(flood, before)}`;
}
