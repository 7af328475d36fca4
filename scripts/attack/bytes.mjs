// Output through pipes and terminals to clients that read it in fits and starts: is all of it told, or counted as dropped?
import { createHash } from 'node:crypto';
import { Client, MIB, withServer } from './host.mjs';

const BYTES = 32 * MIB;
/** @param {string} url @param {boolean} tty @returns {Promise<number>} bytes that did not come */
async function lost(url, tty) {
  const client = await Client.greeted(url);
  let bytes = 0;
  const hash = createHash('sha256');
  const sent = createHash('sha256');
  const closed = new Promise((resolve) => {
    client.told = ({ method, params }) => {
      if (method === 'process/closed') resolve(undefined);
      if (method !== 'process/output') return;
      const data = Buffer.from(params.chunk, 'base64');
      bytes += data.length;
      hash.update(data);
    };
  });
  const pauses = setInterval(() => {
    client.socket.pause();
    setTimeout(() => client.socket.resume(), 40);
  }, 60);
  const script = `stty raw 2>/dev/null; node -e '${WRITER}'`;
  await client.start('p', ['/bin/sh', '-c', script], { tty, env: { PATH: process.env['PATH'] } });
  await closed;
  clearInterval(pauses);
  for (let at = 0; at < BYTES; at += MIB) sent.update(piece(at));
  await client.drop();
  return bytes === BYTES && hash.digest('hex') === sent.digest('hex') ? 0 : Math.max(1, BYTES - bytes);
}

/** What is written at that place, without an escape in it. */
const piece = (/** @type {number} */ at) => Buffer.alloc(MIB, `line ${at / MIB}\n`);
const WRITER = `for (let at = 0; at < ${BYTES / MIB}; at++) for (let rest = Buffer.alloc(${MIB}, "line " + at + "\\n"); rest.length; ) rest = rest.subarray(require("fs").writeSync(1, rest))`;

export const attackBytes = () =>
  withServer(async ({ url }) => {
    const through = [false, true, false, true];
    const sum = [];
    for (const tty of through) sum.push(await lost(url, tty));
    return [
      `${(through.length * BYTES) / MIB} MiB of output, ${sum.reduce((all, each) => all + each)} bytes lost`,
    ];
  });
