import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { HEARTBEAT_MS } from '../../../src/client/heartbeat';
import { WsConnector } from '../../../src/client/wsConnector';
import type { Transport } from '../../../src/rpc';
import { FakeClock } from '../../support/clock';

describe('the heartbeat of a connection', () => {
  let server: WebSocketServer | undefined;
  afterEach(() => {
    for (const socket of server?.clients ?? []) socket.terminate();
    server?.close();
  });

  /** @param autoPong whether the server answers as one that lives does */
  async function connect(autoPong: boolean) {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong });
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const url = `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const seen = { ended: false, pings: 0, messages: 0 };
    const events = {
      message: () => seen.messages++,
      drained: () => undefined,
      closed: () => void (seen.ended = true),
    };
    const opened: Promise<Transport> = new WsConnector(url).open(events, new AbortController().signal);
    const [[other], transport] = await Promise.all([accepted, opened]);
    other.on('ping', () => seen.pings++);
    return { other, transport, seen };
  }

  it('ends one whose other side is silent for two of its times', async () => {
    using clock = new FakeClock();
    const { seen } = await connect(false);
    await clock.pass(HEARTBEAT_MS);
    await clock.until(() => seen.pings === 1);
    await clock.pass(HEARTBEAT_MS - 1);
    assert.equal(seen.ended, false);
    await clock.pass(1);
    await clock.until(() => seen.ended, 'the end');
  });

  it('keeps one whose other side answers, or sends anything', async () => {
    using clock = new FakeClock();
    const living = await connect(true);
    for (let pings = 1; pings <= 4; pings++) {
      await clock.pass(HEARTBEAT_MS);
      await clock.until(() => living.seen.pings === pings, `ping ${String(pings)}`);
      await clock.pass(100);
    }
    assert.equal(living.seen.ended, false);
  });

  it('takes any message for a sign of life', async () => {
    using clock = new FakeClock();
    const { other, seen } = await connect(false);
    for (let times = 1; times <= 3; times++) {
      await clock.pass(HEARTBEAT_MS);
      other.send('x');
      await clock.until(() => seen.messages === times);
    }
    assert.equal(seen.ended, false);
  });

  it('outlives pings in a burst, and answers the last of them', async () => {
    const { other, seen } = await connect(true);
    const answered = new Promise<string>((resolve) => {
      other.on('pong', (data) => data.toString() === 'last' && resolve('answered'));
      other.on('close', () => resolve('ended'));
    });
    for (let pings = 0; pings < 10_000; pings++) other.ping(String(pings));
    other.ping('last');
    assert.equal(await answered, 'answered');
    assert.equal(seen.ended, false);
  });

  it('does not count the time in which nothing is read', async () => {
    using clock = new FakeClock();
    const { transport, seen } = await connect(false);
    transport.setReading(false);
    await clock.pass(3 * HEARTBEAT_MS);
    assert.equal(seen.ended, false);
    transport.setReading(true);
    await clock.pass(2 * HEARTBEAT_MS);
    await clock.until(() => seen.ended, 'the end');
  });
});
