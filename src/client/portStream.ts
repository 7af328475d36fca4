import { Duplex } from 'node:stream';
import { execServer } from '../protocol';
import { asError, isObject } from '../values';
import { WRITE_PART_BYTES } from './bounds';
import type { ProcessHost } from './remoteProcess';

/** A connection to a port of another machine. It breaks with the connection to that machine. */
export class PortStream extends Duplex {
  constructor(
    private readonly call: ProcessHost['call'],
    private readonly connectionId: string,
  ) {
    super();
  }

  /** Asks for more only when somebody wants it, so that the other end is held back. */
  override _read(): void {
    this.ask(execServer.ports.read.name, {}).then(
      (answer) => {
        if (!isObject(answer) || typeof answer['chunk'] !== 'string')
          return this.destroy(new Error('the server’s answer to port/read makes no sense'));
        this.push(answer['ended'] === true ? null : Buffer.from(answer['chunk'], 'base64'));
      },
      (error: unknown) => this.fail(error),
    );
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    this.writeAll(chunk).then(
      () => done(),
      (error: unknown) => done(asError(error)),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // Where that is out of reach it has ended there too.
    this.ask(execServer.ports.close.name, {}).catch(() => undefined);
    done(error);
  }

  private async writeAll(chunk: Buffer): Promise<void> {
    for (let start = 0; start < chunk.length; start += WRITE_PART_BYTES) {
      const part = chunk.subarray(start, start + WRITE_PART_BYTES);
      await this.ask(execServer.ports.write.name, { chunk: part.toString('base64') });
    }
  }

  private ask(method: string, params: object): Promise<unknown> {
    return this.call(method, { connectionId: this.connectionId, ...params }, 'fail');
  }

  private fail(error: unknown): void {
    this.destroy(asError(error));
  }
}
