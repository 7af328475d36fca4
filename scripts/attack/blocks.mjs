// One message, or one client, that holds up the others: how long does an honest second client wait, and how long its kill?
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Client, MIB, processorMs, withServer } from './host.mjs';

const many = (/** @type {number} */ count, /** @type {(index: number) => string} */ text) =>
  Array.from({ length: count }, (_, index) => text(index)).join(',');
const start = (/** @type {string} */ more) =>
  `{"id":"x","method":"process/start","params":{"processId":"p","argv":["no-such-program"],"cwd":"file:///","env":{},"tty":false${more}}}`;
const policy = (/** @type {string} */ more) =>
  `{"inherit":"all","ignoreDefaultExcludes":false,"exclude":[],"set":{},"includeOnly":[]${more}}`;

const sandbox = (/** @type {string} */ entries, /** @type {string} */ roots) =>
  `{"id":"x","method":"fs/getMetadata","params":{"path":"file:///","sandbox":{"windowsSandboxLevel":"disabled","workspaceRoots":[${roots}],"permissions":{"type":"managed","network":"restricted","file_system":{"type":"restricted","entries":[${entries}]}}}}}`;
const denied = (/** @type {string} */ pattern) =>
  `{"path":{"type":"glob_pattern","pattern":"${pattern}"},"access":"deny"}`;

/** @type {readonly (readonly [string, () => string])[]} */
const MESSAGES = [
  [
    'a path of 200,000 slashes',
    () => `{"id":"x","method":"fs/getMetadata","params":{"path":"file://${'/'.repeat(200_000)}"}}`,
  ],
  [
    'a cwd of 100,000 slashes',
    () => start(`,"cwd":"file://${'/'.repeat(100_000)}"`).replace('"cwd":"file:///",', ''),
  ],
  [
    'a pattern of 40,000 against a name of 80,000',
    () =>
      start(
        `,"envPolicy":${policy(`,"exclude":["${'*a'.repeat(20_000)}b"],"set":{"${'a'.repeat(80_000)}":"1"}`).replace('"exclude":[],"set":{},', '')}`,
      ),
  ],
  [
    'a PATH of 2 MiB of colons',
    () => start(`,"env":{"PATH":"${':'.repeat(2 * MIB)}"}`).replace('"env":{},', ''),
  ],
  [
    'a PATH of 200,000 folders',
    () =>
      start(`,"env":{"PATH":"${Array.from({ length: 200_000 }, (_, n) => `/${n}`).join(':')}"}`).replace(
        '"env":{},',
        '',
      ),
  ],
  [
    'a path of 4 MiB',
    () =>
      `{"id":"x","method":"fs/createDirectory","params":{"path":"file://${'/a'.repeat(2 * MIB)}","recursive":true,"followSymlinks":false}}`,
  ],
  [
    'a URL of 8 MiB',
    () =>
      `{"id":"x","method":"http/request","params":{"requestId":"r","method":"GET","url":"http://127.0.0.1:1/${'a'.repeat(8 * MIB)}"}}`,
  ],
  [
    '130,000 names of an environment',
    () => start(`,"env":{${many(130_000, (n) => `"N${n}":""`)}}`).replace('"env":{},', ''),
  ],
  [
    '65,000 headers',
    () =>
      `{"id":"x","method":"http/request","params":{"requestId":"r","method":"GET","url":"http://127.0.0.1:1/","headers":[${many(65_000, (n) => `{"name":"h${n}","value":"v"}`)}]}}`,
  ],
  [
    '8 MiB of keys',
    () => `{"id":"x","method":"environment/status","params":{${many(600_000, (n) => `"k${n}":"k"`)}}}`,
  ],
  [
    'a sandbox of 1,000 long patterns',
    () =>
      sandbox(
        many(1000, (n) => denied(`/${'*/b/'.repeat(900)}${n}`)),
        '',
      ),
  ],
  [
    'a sandbox of 60 long patterns',
    () =>
      sandbox(
        many(60, (n) => denied(`/${'*/b/'.repeat(900)}${n}`)),
        '',
      ),
  ],
  [
    'a sandbox of 1,000 patterns in each of 1,000 roots',
    () =>
      sandbox(
        many(1000, (n) => denied(`codex-project-roots://*${n}`)),
        many(1000, (n) => `"file:///${n}"`),
      ),
  ],
  [
    '44 MiB to write',
    () =>
      `{"id":"x","method":"fs/writeFile","params":{"path":"file:///dev/null","dataBase64":"${Buffer.alloc(44 * MIB).toString('base64')}"}}`,
  ],
];

const FLOOD = 100_000;
/** In each text # is the number of the message. */
/** @type {readonly (readonly [name: string, text: string, count?: number])[]} */
const FLOODS = [
  ['100,000 waits', '{"id":#,"method":"process/wait","params":{"processId":"none"}}'],
  [
    '100,000 watches',
    '{"id":#,"method":"fs/watchMissing","params":{"watchId":#,"missing":["file:///nowhere/x"]}}',
  ],
  ['1,000,000 unknown methods', '{"id":#,"method":"no/such","params":{}}', 1_000_000],
  ['1,000,000 malformed messages', '{', 1_000_000],
];

/** Both in ms: the longest wait of an honest client for an answer, and for the end of a process that it has killed. */
class Honest {
  longest = 0;
  kill = 0;
  #count = 0;
  #isOver = false;

  /** @param {Client} client */
  constructor(client) {
    this.client = client;
    this.asking = this.#ask();
    this.killing = this.#kill();
  }

  async end() {
    this.#isOver = true;
    await Promise.all([this.asking, this.killing]);
    await this.client.drop();
  }

  async #ask() {
    while (!this.#isOver) {
      const before = performance.now();
      await this.client.call('environment/status');
      this.longest = Math.max(this.longest, Math.round(performance.now() - before));
      await sleep(2);
    }
  }

  async #kill() {
    while (!this.#isOver) {
      const processId = `p${this.#count++}`;
      await this.client.start(processId, ['sleep', '60']);
      const closed = new Promise((resolve) => {
        this.client.told = ({ method, params }) =>
          method === 'process/closed' && params.processId === processId && resolve(undefined);
      });
      const before = performance.now();
      await this.client.call('process/terminate', { processId });
      await closed;
      this.kill = Math.max(this.kill, Math.round(performance.now() - before));
      await sleep(2);
    }
  }
}

/**
 * What `act` costs the others, and the processor time for it in ms.
 * @param {string} url @param {number} pid @param {() => Promise<unknown>} act
 */
async function waits(url, pid, act) {
  const honest = new Honest(await Client.greeted(url));
  await sleep(50);
  const before = processorMs(pid);
  await act();
  const processor = processorMs(pid) - before;
  await honest.end();
  return { longest: honest.longest, kill: honest.kill, processor };
}

/** @param {string} name @param {number} bytes @param {{ longest: number, kill: number, processor: number }} result */
const line = (name, bytes, { longest, kill, processor }) =>
  `${name} (${(bytes / MIB).toFixed(1)} MiB): another client waits ${longest} ms at most, its kill ${kill} ms; ${processor} ms of the processor`;

const GREETING = [
  '{"id":"i","method":"initialize","params":{"clientName":"flood"}}',
  '{"method":"initialized"}',
];

export const attackBlocks = () =>
  withServer(async ({ url, pid }) => {
    const quiet = await waits(url, pid, () => sleep(2000));
    const lines = [line('nothing', 0, quiet)];
    for (const [name, make] of MESSAGES) {
      const message = make();
      const client = await Client.greeted(url);
      const answered = new Promise((resolve) => client.socket.on('message', resolve));
      const result = await waits(url, pid, async () => {
        client.send(message);
        await Promise.race([answered, client.closed]);
      });
      await client.drop();
      lines.push(line(name, message.length, result));
    }
    for (const [name, text, count = FLOOD] of FLOODS) {
      const workerData = { url, greeting: GREETING, text, count };
      const result = await waits(url, pid, async () => {
        await once(new Worker(new URL('flood.mjs', import.meta.url), { workerData }), 'exit');
      });
      lines.push(line(name, count * text.length, result));
    }
    return lines;
  });
