import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dial, findWindow, foldersIn } from '../../src/agents/discovery';
import { ours, type Case } from './cases.js';
import { overLines } from './lineSocket.js';
import type { Client } from './client.js';
import { handshake } from './session.js';
import { stateFolder } from './target.js';

const NO_REFERENCE = 'the reference has none';
const { windows } = foldersIn(join(stateFolder, 'exec-server'));

/** Over the socket of the server that is found for a folder. */
async function clientIn(t: Case, folder: string): Promise<Client> {
  const socket = await dial(findWindow(folder, windows), 'wire');
  t.defer(() => socket.destroy());
  const client = overLines(socket, socket, () => socket.destroy());
  socket.resume();
  return client;
}

describe('the private socket of a server', () => {
  ours(
    'transport: it is found by its folder, asks for no token, and carries the wire',
    async (t) => {
      const folder = await t.dir();
      const server = await t.ownServer(['--workspace', folder]);
      const session = await handshake(await clientIn(t, folder));
      const proc = await session.run('echo out; echo err >&2; exit 3');
      assert.deepEqual([proc.text('stdout'), proc.text('stderr'), proc.exitCode], ['out\n', 'err\n', 3]);
      const { socket } = findWindow(folder, windows);
      await server.stop();
      assert.throws(() => findWindow(folder, windows), /No editor window/);
      assert.equal(existsSync(socket), false);
    },
    NO_REFERENCE,
  );

  ours(
    'transport: a session goes on over a WebSocket when its private socket has ended',
    async (t) => {
      const folder = await t.dir();
      const server = await t.ownServer(['--workspace', folder]);
      const client = await clientIn(t, folder);
      const before = await handshake(client);
      const cat = await before.start(['cat'], { pipeStdin: true });
      await client.drop();
      const after = await t.session(server, before.id);
      await after.client.call('process/write', { processId: cat.id, writeId: '1', chunk: 'aGkK' });
      const { chunks } = await after.client.call('process/read', { processId: cat.id, waitMs: 5000 });
      assert.equal((chunks as { chunk: string }[])[0]?.chunk, 'aGkK');
    },
    NO_REFERENCE,
  );
});
