/** Websocket frames by hand, to see and to send them one by one. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { STEP_MS } from '../../scripts/host/patience.mjs';
import { dial, upgradeHeaders } from './rawHttp.js';
import type { Server } from './target.js';

export interface Frame {
  fin: boolean;
  opcode: number;
  length: number;
  payload: Buffer;
}

const MASK = Buffer.from([1, 2, 3, 4]);
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export class FrameClient {
  readonly frames: Frame[] = [];
  ended = false;
  private buffered: Buffer[] = [];
  private bufferedBytes = 0;
  private neededBytes = 2;
  private wake: (() => void)[] = [];

  private constructor(readonly socket: Socket) {}

  static async open(server: Server): Promise<FrameClient> {
    const socket = dial(server);
    const headers: Record<string, string> = { Host: server.url.host, ...upgradeHeaders };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET ${server.url.pathname} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    let head = Buffer.alloc(0);
    while (!head.includes('\r\n\r\n')) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      head = Buffer.concat([head, data]);
    }
    if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(head.toString());
    const client = new FrameClient(socket);
    client.feed(head.subarray(head.indexOf('\r\n\r\n') + 4));
    socket.on('data', (data: Buffer) => client.feed(data));
    socket.on('close', () => {
      client.ended = true;
      client.signal();
    });
    return client;
  }

  send(opcode: number, payload: string | Buffer, fin = true): void {
    const data = Buffer.from(payload);
    const head = Buffer.alloc(data.length < 126 ? 2 : 10);
    head[0] = (fin ? 0x80 : 0) | opcode;
    head[1] = 0x80 | (data.length < 126 ? data.length : 127);
    if (data.length >= 126) head.writeBigUInt64BE(BigInt(data.length), 2);
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) ^ (MASK[i & 3] ?? 0);
    this.socket.write(Buffer.concat([head, MASK, data]));
  }

  /** The first frame that fits, from those that came and those to come. */
  async find(fits: (frame: Frame) => boolean, waitMs = STEP_MS): Promise<Frame> {
    const limit = Date.now() + waitMs;
    for (;;) {
      const frame = this.frames.find(fits);
      if (frame) return frame;
      if (this.ended) throw new Error('the connection ended first');
      if (Date.now() > limit) throw new Error('waited in vain for a frame');
      await new Promise<void>((resolve) => {
        this.wake.push(resolve);
        setTimeout(resolve, waitMs).unref();
      });
    }
  }

  private feed(data: Buffer): void {
    this.buffered.push(data);
    this.bufferedBytes += data.length;
    if (this.bufferedBytes < this.neededBytes) return;
    let all = Buffer.concat(this.buffered);
    for (;;) {
      const frame = this.parse(all);
      if (!frame) break;
      all = all.subarray(frame.length);
    }
    this.buffered = [all];
    this.bufferedBytes = all.length;
    this.signal();
  }

  /** One frame; its `length` is that of header and payload. */
  private parse(all: Buffer): { length: number } | undefined {
    this.neededBytes = all.length + 1;
    if (all.length < 2) return undefined;
    const short = (all[1] ?? 0) & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (all.length < head) return undefined;
    const length =
      short === 127 ? Number(all.readBigUInt64BE(2)) : short === 126 ? all.readUInt16BE(2) : short;
    if (all.length < head + length) {
      this.neededBytes = head + length;
      return undefined;
    }
    const first = all[0] ?? 0;
    const payload = all.subarray(head, head + length);
    this.frames.push({ fin: first >= 0x80, opcode: first & 15, length, payload });
    return { length: head + length };
  }

  private signal(): void {
    for (const resolve of this.wake.splice(0)) resolve();
  }
}
