// A server of its own for each attack, and clients of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { ROOT } from '../lib/prepare.mjs';

const PAYLOAD_BYTES = 2 ** 30;
export const MIB = 2 ** 20;

/** A server, which is the caller's to end. @param {string[]} [args] */
export async function startServer(args = ['--auth', 'none']) {
  const cli = path.join(ROOT, 'dist/cli.js');
  const child = spawn(process.execPath, [cli, '--listen', 'ws://127.0.0.1:0', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(child.stdout, 'data');
  return { child, url: String(line).trim() };
}

/**
 * Runs `use` with a server that ends with it.
 * @template T
 * @param {(server: { url: string, pid: number }) => Promise<T>} use
 * @param {string[]} [args]
 * @returns {Promise<T>}
 */
export async function withServer(use, args) {
  const { child, url } = await startServer(args);
  try {
    return await use({ url, pid: child.pid ?? 0 });
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
  }
}

/** Resident memory of a process, in bytes. */
export function residentBytes(/** @type {number} */ pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

/** Milliseconds of processor time that a process has used. */
export function processorMs(/** @type {number} */ pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** A client that may be rude. */
export class Client {
  /** @type {Map<number, (answer: any) => void>} */
  #waiting = new Map();
  #lastId = 0;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    /** @type {(message: any) => void} */
    this.told = () => undefined;
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.method) this.told(message);
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
    this.closed = once(socket, 'close').then(() => {
      for (const settle of this.#waiting.values()) settle({ closed: true });
    });
  }

  /** @param {string} url */
  static async open(url) {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: PAYLOAD_BYTES });
    await once(socket, 'open');
    return new Client(socket);
  }

  /** With an exec-server's handshake, or that of `params`. @param {string} url @param {object} [params] */
  static async greeted(url, params = { clientName: 'attack' }) {
    const client = await Client.open(url);
    await client.call('initialize', params);
    client.send({ method: 'initialized' });
    return client;
  }

  /** @param {unknown} message */
  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The whole answer, whatever it is. @param {string} method @param {unknown} [params] @returns {Promise<any>} */
  call(method, params) {
    const id = ++this.#lastId;
    return new Promise((settle) => {
      this.#waiting.set(id, settle);
      this.send({ id, method, params });
    });
  }

  /** @param {string} processId @param {readonly string[]} argv @param {object} [more] */
  start(processId, argv, more) {
    const env = { PATH: '/usr/bin:/bin' };
    return this.call('process/start', { processId, argv, cwd: 'file:///', env, tty: false, ...more });
  }

  drop() {
    this.socket.terminate();
    return this.closed;
  }
}

/**
 * The largest growth of a server's memory, in MiB, until `work` is done and it grows no more; and what stays of it when
 * the clients have left.
 * @param {(url: string, client: (params?: object) => Promise<Client>) => Promise<unknown>} work
 * @param {string[]} [args]
 */
export function growth(work, args) {
  return withServer(async ({ url, pid }) => {
    /** @type {Client[]} */
    const clients = [];
    const before = residentBytes(pid);
    let most = before;
    const look = setInterval(() => (most = Math.max(most, residentBytes(pid))), 20);
    try {
      await work(url, async (params) => {
        const client = await Client.greeted(url, params);
        clients.push(client);
        return client;
      });
      for (let seen = 0; most > seen; await sleep(1000)) seen = most;
      await Promise.all(clients.map((client) => client.drop()));
      const left = Date.now();
      const grown = () => residentBytes(pid) - before;
      while (grown() > LITTLE_BYTES && Date.now() - left < STAYS_MS) await sleep(500);
      return {
        most: mib(most - before),
        left: mib(grown()),
        seconds: Math.round((Date.now() - left) / 1000),
      };
    } finally {
      clearInterval(look);
    }
  }, args);
}

/** A session, and what it holds, lives for 80 s without its client; threads that rest for 30 s. */
const STAYS_MS = 100_000;
/** What a server that has worked takes more than a new one. */
const LITTLE_BYTES = 48 * MIB;

const mib = (/** @type {number} */ bytes) => Math.round(bytes / MIB);
