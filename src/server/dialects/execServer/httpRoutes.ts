import type { HttpRequestParams } from '../../../http';
import { execServer } from '../../../protocol';
import { RawResult } from '../../../rpc';
import { route } from './route';

const { request, responseParts } = execServer.http;

/** PROTOCOL chapter 12. A streamed response leaves before the first part of its body. */
export const httpRoutes = [
  route(request, 'http', async (params, call) => {
    const { requestId, streamResponse, bodyBase64, method, url, headers, timeoutMs, redirectPolicy } = params;
    const what: HttpRequestParams = { method, url, headers, body: bodyBase64, timeoutMs, redirectPolicy };
    if (!streamResponse) {
      const response = await call.httpStreams.buffered(what);
      return new RawResult(responseParts(response, response.body));
    }
    const response = await call.httpStreams.streamed(requestId, what);
    call.afterReply(() => response.stream.resume());
    return new RawResult(responseParts(response, response.body));
  }),
];
