import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_INCOMING_FRAGMENTS } from '../../../src/client/bounds';
import { WsConnector } from '../../../src/client/wsConnector';

describe('messages that a server sends in very many fragments', () => {
  let server: WebSocketServer | undefined;
  afterEach(() => {
    for (const socket of server?.clients ?? []) socket.terminate();
    server?.close();
  });

  /** What becomes of a message of so many fragments of a byte each. */
  async function fateOf(fragments: number): Promise<string> {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const url = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const fate = new Promise<string>((resolve, reject) => {
      const events = {
        message: (data: Buffer) => resolve(`${String(data.length)} bytes`),
        drained: () => undefined,
        closed: (code: number) => resolve(`the end, ${String(code)}`),
      };
      new WsConnector(url).open(events, new AbortController().signal).catch(reject);
    });
    const [socket] = await accepted;
    for (let left = fragments; left > 0; left--) socket.send('x', { fin: left === 1 });
    return fate;
  }

  it('come whole', async () => {
    assert.equal(await fateOf(MAX_INCOMING_FRAGMENTS), `${String(MAX_INCOMING_FRAGMENTS)} bytes`);
  });
});
