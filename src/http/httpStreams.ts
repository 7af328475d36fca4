import { invalid, requestFailed } from './httpError';
import { HttpStream, type BodyDelta } from './httpStream';
import { Lifetime } from './lifetime';
import { BodyRoom } from './body/bodyRoom';
import { Holding } from './body/memoryBudget';
import { checkRequest, openResponse, textHeaders } from './openResponse';
import { holdOutgoing, request } from './request';
import type { HttpHost, HttpRequestParams, HttpResponse } from './types';

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
  private readonly room: BodyRoom;
  private disposed = false;

  constructor(
    private readonly host: HttpHost,
    private readonly onDelta: DeltaListener,
  ) {
    this.room = new BodyRoom(host.budget);
  }

  /**
   * What `use` makes of the response with its whole body, which counts as held until then. Rejects with an HttpError,
   * or as `use` does. Any id will do.
   */
  buffered<T>(params: HttpRequestParams, use: (response: HttpResponse) => Promise<T> | T): Promise<T> {
    return this.run((signal) => request(params, this.host, this.room, signal, use));
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
    const { env, network, budget } = this.host;
    const outgoing = checkRequest(params, env);
    const lifetime = new Lifetime(params.timeoutMs, signal);
    // A server may answer early and read the request's body later.
    const holding = new Holding(budget);
    try {
      holdOutgoing(holding, params);
      const response = await openResponse(outgoing, params.redirectPolicy, network, lifetime);
      const stream = new HttpStream(
        response.body,
        lifetime,
        (delta) => this.onDelta(requestId, delta, stream),
        () => {
          holding[Symbol.dispose]();
          this.streams.delete(stream);
          this.activeIds.delete(requestId);
        },
      );
      this.streams.add(stream);
      if (this.disposed) stream.dispose();
      return { status: response.status, headers: textHeaders(response), body: Buffer.alloc(0), stream };
    } catch (error) {
      holding[Symbol.dispose]();
      lifetime[Symbol.dispose]();
      throw error;
    }
  }
}
