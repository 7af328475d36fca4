import type { HttpRequestParams } from '../../../http';
import { encodedLength, execServer } from '../../../protocol';
import { RawResult } from '../../../rpc';
import { route } from './route';

const { request, responseParts } = execServer.http;

/** See docs/protocol/http.md#httprequest. A streamed response leaves before the first part of its body. */
export const httpRoutes = [
  route(request, 'http', async (params, call) => {
    const { requestId, streamResponse, bodyBase64, method, url, headers, timeoutMs, redirectPolicy } = params;
    const what: HttpRequestParams = { method, url, headers, body: bodyBase64, timeoutMs, redirectPolicy };
    const did = (): void => call.session.did({ kind: 'fetched', host: new URL(url).host, method });
    if (!streamResponse) {
      return call.httpStreams.buffered(what, async (response) => {
        did();
        await call.reserveReply(encodedLength(response.body.length));
        return new RawResult(responseParts(response, response.body));
      });
    }
    const response = await call.httpStreams.streamed(requestId, what);
    did();
    call.afterReply(() => response.stream.resume());
    return new RawResult(responseParts(response, response.body));
  }),
];
