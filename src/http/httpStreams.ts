import { invalid, requestFailed } from './httpError';
import { HttpStream, type BodyDelta } from './httpStream';
import { Lifetime } from './lifetime';
import { checkRequest, openResponse, textHeaders } from './openResponse';
import { request } from './request';
import type { Environment, HttpRequestParams, HttpResponse } from './types';

/** Streamed bodies that one connection may have under way. */
const MAX_STREAMS = 256;
const CLOSED = 'the connection was closed';

/** A response whose body follows in deltas once `stream.resume()` is called. */
export interface StreamedResponse extends HttpResponse {
  readonly stream: HttpStream;
}

/** Is told every delta of every stream; may pause the stream that it came from. */
export type DeltaListener = (requestId: string, delta: BodyDelta, stream: HttpStream) => void;

/** The HTTP requests of one connection, and the streamed bodies under ids of its own choice. */
export class HttpStreams implements Disposable {
  private readonly activeIds = new Set<string>();
  private readonly running = new Set<AbortController>();
  private readonly streams = new Set<HttpStream>();
  private disposed = false;

  constructor(
    private readonly env: Environment,
    private readonly onDelta: DeltaListener,
  ) {}

  /** The response with its whole body. Rejects with an HttpError. Any id will do. */
  buffered(params: HttpRequestParams): Promise<HttpResponse> {
    return this.run((signal) => request(params, { env: this.env, signal }));
  }

  /**
   * The response without its body. Rejects with an HttpError. The id is taken until just before the last
   * delta, or until the request fails.
   */
  async streamed(requestId: string, params: HttpRequestParams): Promise<StreamedResponse> {
    if (this.activeIds.has(requestId)) {
      throw invalid(`streamResponse requestId \`${requestId}\` is already active`);
    }
    if (this.activeIds.size >= MAX_STREAMS) {
      throw invalid(`at most ${MAX_STREAMS} streamed responses may be active per connection`);
    }
    this.activeIds.add(requestId);
    try {
      return await this.run((signal) => this.open(requestId, params, signal));
    } catch (error) {
      this.activeIds.delete(requestId);
      throw error;
    }
  }

  /** Hangs up on all servers. Requests under way fail, streams end without another delta. */
  [Symbol.dispose](): void {
    this.disposed = true;
    for (const controller of this.running) controller.abort(new Error(CLOSED));
    for (const stream of this.streams) stream.dispose();
  }

  private async run<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.disposed) throw requestFailed(CLOSED);
    const controller = new AbortController();
    this.running.add(controller);
    try {
      return await body(controller.signal);
    } finally {
      this.running.delete(controller);
    }
  }

  private async open(
    requestId: string,
    params: HttpRequestParams,
    signal: AbortSignal,
  ): Promise<StreamedResponse> {
    const outgoing = checkRequest(params, { env: this.env });
    const lifetime = new Lifetime(params.timeoutMs, signal);
    try {
      const response = await openResponse(outgoing, params.redirectPolicy, lifetime);
      const stream = new HttpStream(
        response.body,
        lifetime,
        (delta) => this.onDelta(requestId, delta, stream),
        () => {
          this.streams.delete(stream);
          this.activeIds.delete(requestId);
        },
      );
      this.streams.add(stream);
      if (this.disposed) stream.dispose();
      return { status: response.status, headers: textHeaders(response), body: Buffer.alloc(0), stream };
    } catch (error) {
      lifetime[Symbol.dispose]();
      throw error;
    }
  }
}
