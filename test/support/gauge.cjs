// Loaded into a server beside its own code (node --require): tells on a socket what cannot be seen from outside.
// GAUGE_SOCKET is the socket's path. A line in, "memory", "delay", "reset" or what was added to `answers`, with a number
// behind it where that takes one; a line of JSON out.
const { readdirSync } = require('node:fs');
const { createServer } = require('node:net');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: delay } = require('node:timers/promises');
const v8 = require('node:v8');
const vm = require('node:vm');

/** How often the loop is looked at; a timer that is in time is counted with as much. */
const RESOLUTION_MS = 1;
/** Finalizers and what they let go of. */
const COLLECT_TIMES = 4;
const COLLECT_PAUSE_MS = 50;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

/** @type {Record<string, (count: number) => object | Promise<object>>} */
const answers = {
  memory,
  delay: () => ({ p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) }),
  reset: () => {
    histogram.reset();
    return {};
  },
};

/** What is in use once everything that nobody needs is gone. */
async function memory() {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  for (let left = COLLECT_TIMES; left > 0; left--) {
    collect();
    await delay(COLLECT_PAUSE_MS);
  }
  const { heapUsed, external } = process.memoryUsage();
  const descriptors = readdirSync('/proc/self/fd').length;
  return { pid: process.pid, usedBytes: heapUsed + external, handles: handles(), descriptors };
}

/** Sockets, timers and other things that the event loop waits for, by kind. */
function handles() {
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Never rejects: whoever asks would wait for ever.
 * @param {string} line */
async function answer(line) {
  const [word, count] = line.split(' ');
  try {
    return await answers[word](Number(count));
  } catch (error) {
    return { error: String(error) };
  }
}

const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

/** @param {string} path */
function serve(path) {
  histogram.enable();
  const server = createServer((socket) => {
    socket.setEncoding('utf8').on('data', async (text) => {
      for (const line of text.trim().split('\n')) socket.write(`${JSON.stringify(await answer(line))}\n`);
    });
    socket.on('error', () => {});
    socket.unref();
  });
  return server.listen(path).unref();
}

const path = process.env.GAUGE_SOCKET;
// Not for its children.
delete process.env.GAUGE_SOCKET;
module.exports = { answers, server: path === undefined ? undefined : serve(path) };
