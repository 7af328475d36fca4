/** How soon a terminate is answered on a connection that has a lot else to do. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { BenchClient } from '../client.js';
import { MIB, timed, timedWithin } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const SLEEP = ['sleep', '1000'];
const IDLE_SAMPLES = 10;
/** Of each of the others, in one round. */
const BUSY_SAMPLES = 3;
const REQUESTS = 1000;
/** Each request is one that waits this long. */
const WAIT_MS = 2;
/** What is not answered by then is not waited for. */
const LIMIT_MS = 10_000;
/** In base64, and with the envelope, just under 64 MiB. */
const FILE_BYTES = 48 * MIB - 1024;

export const terminate: Scenario = {
  name: 'terminate',
  rows: [
    { key: 'idle', title: 'terminate is answered, idle connection', unit: 'ms', kind: 'time' },
    { key: 'requests', title: '— with 1,000 requests in flight', unit: 'ms', kind: 'time' },
    { key: 'behind', title: '— sent right behind a request for 64 MiB', unit: 'ms', kind: 'time' },
    {
      key: 'gone',
      title: '— sent as that reply begins to arrive: the process is gone',
      unit: 'ms',
      kind: 'time',
    },
    { key: 'reply', title: '— the same, answered: behind 64 MiB in one message', unit: 'ms', kind: 'time' },
  ],
  async measure(server) {
    const idle = await server.connect();
    const victims = await Promise.all(
      Array.from({ length: IDLE_SAMPLES }, () => BenchProcess.start(idle, SLEEP)),
    );
    const times: number[] = [];
    for (const victim of victims) {
      times.push(await timed(() => victim.terminate()));
      await victim.closed;
    }
    const behind: number[] = [];
    const gone: number[] = [];
    const reply: number[] = [];
    const requests: number[] = [];
    for (let left = BUSY_SAMPLES; left > 0; left--) {
      behind.push((await besideReply(await server.connect(), async () => {})).answered);
      const begun = await besideReply(await server.connect(), (client) => client.someBytes());
      gone.push(begun.gone);
      reply.push(begun.answered);
      requests.push(await behindRequests(await server.connect()));
    }
    return { idle: times, requests, behind, gone, reply };
  },
};

/** The reference may stop answering altogether when so many requests come at once. */
async function behindRequests(client: BenchClient): Promise<number> {
  const victim = await BenchProcess.start(client, SLEEP);
  const other = await BenchProcess.start(client, SLEEP);
  const params = { processId: other.id, afterSeq: 0, waitMs: WAIT_MS };
  const reads = Array.from({ length: REQUESTS }, () => client.call('process/read', params));
  const all = Promise.allSettled(reads);
  const ms = await timedWithin(LIMIT_MS, () => victim.terminate());
  if (Number.isFinite(ms)) await all;
  return ms;
}

/** A WebSocket message is never interrupted, so the answer may have to wait for one; its effect does not. */
async function besideReply(
  client: BenchClient,
  moment: (client: BenchClient) => Promise<void>,
): Promise<{ gone: number; answered: number }> {
  const victim = await BenchProcess.start(client, ['/bin/sh', '-c', 'echo $$.; exec sleep 1000']);
  await victim.until(() => victim.text.includes('.'));
  const folder = mkdtempSync(join(tmpdir(), 'bench-file-'));
  try {
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(FILE_BYTES));
    const reply = client.call('fs/readFile', { path: pathToFileURL(file).href });
    await moment(client);
    const pid = Number.parseInt(victim.text, 10);
    const [gone, answered] = await Promise.all([
      timed(() => untilGone(pid)),
      timed(() => victim.terminate()),
    ]);
    await reply;
    return { gone, answered };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilGone(pid: number): Promise<void> {
  while (existsSync(`/proc/${String(pid)}`)) await nextTurn();
}
