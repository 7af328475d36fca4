/** What `Client` uses of a WebSocket, over lines. */
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type WebSocket from 'ws';
import { Client } from './client.js';

/** @param end drops both streams, without a word */
export function overLines(input: Readable, output: Writable, end: () => void): Client {
  return Client.over(new LineSocket(input, output, end) as unknown as WebSocket);
}

class LineSocket extends EventEmitter {
  private held: Buffer[] = [];

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    readonly terminate: () => void,
  ) {
    super();
    input.on('data', (chunk: Buffer) => this.take(chunk));
    output.on('error', () => undefined);
    input.once('close', () => this.emit('close', -1));
  }

  send(data: string | Buffer): void {
    this.output.write(data);
    this.output.write('\n');
  }

  pause(): void {
    this.input.pause();
  }

  resume(): void {
    this.input.resume();
  }

  private take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...this.held, chunk.subarray(start, end)]);
      this.held = [];
      start = end + 1;
      this.emit('message', line, false);
    }
    this.held.push(chunk.subarray(start));
  }
}
