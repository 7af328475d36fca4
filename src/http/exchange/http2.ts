import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { Readable } from 'node:stream';
import type { Lifetime } from '../lifetime';
import type { Route } from '../network/network';
import { MAX_HEAD_BYTES, pairs, type HttpIncoming, type Outgoing } from './message';
import { http2Headers } from './requestHead';

/** Bytes of a body that a server may send before they are read; the default of 64 KiB is slow over a distance. */
const WINDOW_BYTES = 256 * 1024;

function openSession({ url }: Outgoing, { socket }: Route): ClientHttp2Session {
  const session = connect(url.origin, {
    createConnection: () => socket,
    // Of Node's own, 128 by default; the head has a bound in bytes.
    maxHeaderListPairs: MAX_HEAD_BYTES,
    settings: { enablePush: false, initialWindowSize: WINDOW_BYTES, maxHeaderListSize: MAX_HEAD_BYTES },
  });
  session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
  return session;
}

function headOf(outgoing: Outgoing): OutgoingHttpHeaders {
  const { method, url } = outgoing;
  const head: OutgoingHttpHeaders = {
    ':method': method,
    ':scheme': 'https',
    ':authority': url.host,
    ':path': url.pathname + url.search,
  };
  for (const [name, values] of http2Headers(outgoing).grouped()) {
    head[name] = values.length === 1 ? values[0] : [...values];
  }
  return head;
}

/** Sends one request on a connection of its own and waits for the head of its response. Rejects with Node's error. */
export function exchangeHttp2(
  outgoing: Outgoing,
  connection: Route,
  lifetime: Lifetime,
): Promise<HttpIncoming> {
  return new Promise((resolve, reject) => {
    const head = headOf(outgoing);
    const session = openSession(outgoing, connection);
    const letGo = lifetime.onEnd((reason) => session.destroy(reason));
    const fail = (error: Error) => {
      letGo();
      session.destroy();
      reject(error);
    };
    session.on('error', fail);
    const stream = session.request(head, { endStream: !outgoing.body?.length });
    stream.on('error', fail);
    stream.once('close', () => {
      fail(new Error('the server ended the request without a response'));
    });
    const answered = (
      { ':status': status = 0 }: IncomingHttpHeaders & IncomingHttpStatusHeader,
      _flags: number,
      rawHeaders: string[],
    ): void => {
      letGo();
      resolve({ status, headers: pairs(rawHeaders), body: new Http2Body(stream) });
    };
    // Node tells more of it than its types do.
    stream.once('response', answered as (headers: IncomingHttpHeaders) => void);
    if (outgoing.body?.length) stream.end(outgoing.body);
  });
}

/** The body of a response. Node's own stream ends like a whole one when the connection is lost half-way. */
class Http2Body extends Readable {
  private isOver = false;

  constructor(private readonly stream: ClientHttp2Stream) {
    super();
    stream.pause();
    stream.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.once('end', () => this.finish(stream.rstCode === constants.NGHTTP2_NO_ERROR ? null : cutOff()));
    stream.once('error', (error: Error) => this.finish(error));
    stream.once('close', () => this.finish(cutOff()));
  }

  override _read(): void {
    this.stream.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.isOver = true;
    this.stream.close(constants.NGHTTP2_CANCEL);
    this.stream.session?.destroy();
    done(error);
  }

  private finish(error: Error | null): void {
    if (this.isOver) return;
    this.isOver = true;
    if (!error) return void this.push(null);
    // What arrived before still counts.
    for (let rest = readRest(this.stream); rest; rest = readRest(this.stream)) this.push(rest);
    this.destroy(error);
  }
}

function readRest(stream: Readable): Buffer | null {
  return stream.read() as Buffer | null;
}

/** The error with which Node tells that an HTTP/1 response was cut off. */
function cutOff(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
