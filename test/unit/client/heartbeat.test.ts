import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { WsConnector } from '../../../src/client/wsConnector';
import type { Transport } from '../../../src/rpc';

describe('the heartbeat of a connection', () => {
  let server: WebSocketServer | undefined;
  afterEach(() => {
    for (const socket of server?.clients ?? []) socket.terminate();
    server?.close();
  });

  /** @param autoPong whether the server answers as one that lives does */
  async function connect(autoPong: boolean, heartbeatMs: number) {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong });
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const url = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const end = { is: false };
    let transport!: Promise<Transport>;
    const ended = new Promise<void>((resolve) => {
      const closed = (): void => {
        end.is = true;
        resolve();
      };
      const events = { message: () => undefined, drained: () => undefined, closed };
      transport = new WsConnector(url, undefined, heartbeatMs).open(events, new AbortController().signal);
    });
    const [[other]] = await Promise.all([accepted, transport]);
    return { other, ended, end };
  }

  it('ends one whose other side has fallen silent', async () => {
    const { ended } = await connect(false, 20);
    await ended;
  });

  it('keeps one whose other side lives', async () => {
    const { other, end } = await connect(true, 250);
    for (let pings = 0; pings < 4; pings++) await once(other, 'ping');
    assert.equal(end.is, false);
  });
});
