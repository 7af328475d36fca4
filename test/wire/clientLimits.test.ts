import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { both, type Case } from './cases.js';
import type { Client } from './client.js';
import { get, untilDone, web } from './webServer.js';

const MIB = 1 << 20;
/** What the Codex client takes of output, ends and bodies, and of every other notification. */
const LARGE_BYTES = 2 * MIB;
const SMALL_BYTES = 8 * 1024;

/** The size of the largest notification of each method so far. */
function sizes(client: Client): Map<string, number> {
  const largest = new Map<string, number>();
  client.socket.on('message', (data: Buffer) => {
    const [, method] = /^\{"method":"([^"]*)"/.exec(data.toString('latin1', 0, 100)) ?? [];
    if (method !== undefined) largest.set(method, Math.max(largest.get(method) ?? 0, data.length));
  });
  return largest;
}

async function flood(t: Case, tty: boolean): Promise<void> {
  const session = await t.session();
  const largest = sizes(session.client);
  const proc = await session.run(`head -c ${String(16 * MIB)} /dev/zero`, { tty });
  assert.equal(proc.bytes().length, 16 * MIB);
  // Its last notification is underway to both listeners.
  await session.client.call('environment/status');
  assert.ok((largest.get('process/output') ?? Infinity) <= LARGE_BYTES);
  for (const method of ['process/exited', 'process/closed'])
    assert.ok((largest.get(method) ?? Infinity) <= SMALL_BYTES, method);
}

describe('what the Codex client refuses is never sent', () => {
  both('clients: output in pieces of at most 2 MiB, from a pipe', (t) => flood(t, false));

  both('clients: output in pieces of at most 2 MiB, from a terminal', (t) => flood(t, true));

  both('clients: streamed bodies in pieces of at most 1 MiB, in messages of at most 2 MiB', async (t) => {
    const { url } = await web(t, (_, response) => response.end(Buffer.alloc(8 * MIB)));
    const { client } = await t.session();
    const largest = sizes(client);
    await client.call('http/request', get(url, { streamResponse: true, requestId: 's' }));
    const all = await untilDone(client, 's');
    assert.ok(all.every(({ data }) => data.length <= MIB));
    await client.call('environment/status');
    assert.ok((largest.get('http/request/bodyDelta') ?? Infinity) <= LARGE_BYTES);
  });

  both('clients: a missing path that is there now, in at most 8 KiB', async (t) => {
    const { client } = await t.session();
    const largest = sizes(client);
    const dir = await t.dir();
    await client.call('fs/watchMissing', { watchId: 7, missing: [`file://${dir}/x`] });
    await writeFile(`${dir}/x`, '');
    await client.wait('the change', () => client.log.find(({ method }) => method === 'fs/missingChanged'));
    await client.call('environment/status');
    assert.ok((largest.get('fs/missingChanged') ?? Infinity) <= SMALL_BYTES);
  });
});
