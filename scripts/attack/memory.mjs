// What a client can make a server hold: each of the ways that were found.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { growth, MIB } from './host.mjs';

const many = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index);
const base64 = (/** @type {number} */ bytes) => Buffer.alloc(bytes, 'stdin ').toString('base64');
/** So long is waited for answers that may never come. */
const PATIENCE_MS = 8000;
const patiently = (/** @type {Promise<unknown>[]} */ work) =>
  Promise.race([Promise.all(work), sleep(PATIENCE_MS)]);

/** @param {boolean} tty */
const stdin = (tty) =>
  growth(async (_url, connect) => {
    const client = await connect();
    const chunk = base64(40 * MIB);
    for (const index of many(10)) {
      await client.start(`p${index}`, ['sleep', '60'], { tty, pipeStdin: true });
      await patiently([client.call('process/write', { processId: `p${index}`, chunk, writeId: 'w' })]);
    }
  });

const unfinished = () =>
  growth(async (url, connect) => {
    const frame = Buffer.alloc(14);
    // One unfinished text frame, masked by zeros.
    frame.writeUInt8(0x01, 0);
    frame.writeUInt8(0xff, 1);
    frame.writeBigUInt64BE(BigInt(60 * MIB), 2);
    await Promise.all(
      many(10).map(async () => {
        const client = await connect();
        const { _socket: socket } = /** @type {any} */ (client.socket);
        socket.on('error', () => undefined);
        socket.write(frame);
        await patiently([new Promise((sent) => socket.write(Buffer.alloc(59 * MIB), sent))]);
      }),
    );
    return url;
  });

const kept = () =>
  growth(async (_url, connect) => {
    const client = await connect({
      clientInfo: { name: 'a', version: '1' },
      capabilities: { experimentalApi: true },
    });
    const script = 'head -c 5000000 /dev/zero | tr "\\0" x; sleep 4';
    const ends = many(100).map((index) => {
      const processHandle = `h${index}`;
      return client.call('process/spawn', {
        processHandle,
        command: ['sh', '-c', script],
        cwd: '/',
        outputBytesCap: null,
      });
    });
    await Promise.all(ends);
    await sleep(PATIENCE_MS);
  });

/** @param {(client: import('./host.mjs').Client, index: number) => object} what @param {number} count */
const starts = (what, count) =>
  growth(async (_url, connect) => {
    const client = await connect();
    for (const index of many(count))
      await patiently([client.start(`p${index}`, ['true'], what(client, index))]);
  });

const writeIds = () =>
  growth(async (_url, connect) => {
    const client = await connect();
    await client.start('p', ['cat'], { pipeStdin: true });
    for (const index of many(50)) {
      const writeId = `${index}-${'w'.repeat(4 * MIB)}`;
      await client.call('process/write', { processId: 'p', chunk: 'YQ==', writeId });
    }
  });

/** @param {string} method @param {number} connections */
const listings = (method, connections) =>
  growth(async (_url, connect) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attack-'));
    for (const index of many(50_000))
      fs.writeFileSync(path.join(folder, `file-with-a-long-name-${index}`), '');
    try {
      for (let left = connections; left > 0; left--) {
        const client = await connect();
        client.socket.pause();
        const uri = `file://${folder}`;
        const options = {
          maxDepth: 1,
          maxDirectories: 10,
          maxEntries: 50_000,
          followDirectorySymlinks: false,
        };
        for (let more = 64 / connections; more > 0; more--) void client.call(method, { path: uri, options });
      }
      await sleep(PATIENCE_MS);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

const bodies = () =>
  growth(async (_url, connect) => {
    const server = http.createServer((_request, response) => {
      response.write(Buffer.alloc(40 * MIB));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const client = await connect();
    for (const index of many(12)) {
      void client.call('http/request', {
        requestId: `r${index}`,
        method: 'GET',
        url: `http://127.0.0.1:${port}/`,
      });
    }
    await sleep(PATIENCE_MS);
    server.closeAllConnections();
    server.close();
  });

/** Requests that wait behind one that takes long, in messages of 5 MiB. */
const pending = () =>
  growth(async (_url, connect) => {
    const client = await connect();
    await client.start('p', ['sleep', '60'], { pipeStdin: true });
    const padding = 'x'.repeat(5 * MIB);
    for (let left = 60; left > 0; left--)
      void client.call('process/read', { processId: 'p', waitMs: 60_000, padding });
    await sleep(PATIENCE_MS);
  });

/** @type {readonly (readonly [string, () => Promise<{ most: number, left: number, seconds: number }>])[]} */
const ATTACKS = [
  ['stdin of 40 MiB each for 10 processes that never read', () => stdin(false)],
  ['the same in terminals', () => stdin(true)],
  ['10 connections with 60 MiB of an unfinished message', unfinished],
  ['app-server: 100 processes that keep 5 MB to their end', kept],
  ['64 walks of 50,000 entries on one connection, answers not read', () => listings('fs/walk', 1)],
  ['64 walks of 50,000 entries on 16 connections, answers not read', () => listings('fs/walk', 16)],
  [
    '64 listings of 50,000 entries on 16 connections, answers not read',
    () => listings('fs/readDirectory', 16),
  ],
  ['12 http/requests of 40 MiB that never end', bodies],
  ['60 requests of 5 MiB that wait', pending],
  ['50 write ids of 4 MiB', writeIds],
  [
    '40 process ids of 4 MiB',
    () => starts((_, index) => ({ processId: `${index}-${'p'.repeat(4 * MIB)}` }), 40),
  ],
  [
    '150 processes that have ended, with an environment of 1.5 MB each',
    () =>
      starts(() => ({ env: Object.fromEntries(many(15).map((n) => [`V${n}`, 'e'.repeat(100_000)])) }), 150),
  ],
];

export async function* attackMemory() {
  for (const [name, attack] of ATTACKS) {
    const { most, left, seconds } = await attack();
    yield `${name}: +${most} MiB; ${left} MiB are left ${seconds} s after the client has gone`;
  }
}
