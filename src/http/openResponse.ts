import type { HttpIncoming, Outgoing } from './exchange/message';
import { reasonText, requestFailed } from './httpError';
import type { Lifetime } from './lifetime';
import type { Network } from './network/network';
import { redirected, redirectTarget } from './redirect';
import { checkMethod, requestHeaders } from './requestHeaders';
import { bareUrl, isHttp, parseRequestUrl, schemeOf, urlCredentials } from './requestUrl';
import type { Variables, HttpRequestParams } from './types';

const MAX_REDIRECTS = 10;

/**
 * The first request to make.
 *
 * @throws HttpError if the params are no request
 */
export function checkRequest(params: HttpRequestParams, env: Variables): Outgoing {
  const method = checkMethod(params.method);
  const url = parseRequestUrl(params.url);
  const own = requestHeaders(params.headers ?? [], env);
  // Unless the client gave others.
  const headers = own.withDefault('authorization', urlCredentials(url));
  return { method, url, headers, body: params.body ?? undefined };
}

async function send(outgoing: Outgoing, network: Network, lifetime: Lifetime): Promise<HttpIncoming> {
  try {
    // Loaded with the first request: most servers have none.
    const { exchange } = await import('./exchange/exchange');
    return await exchange(outgoing, network, lifetime);
  } catch (error) {
    const url = bareUrl(outgoing.url);
    throw requestFailed(`error sending request for url (${url}): ${reasonText(error)}`);
  }
}

/** The response at the end of the redirects, its body unread. Rejects with an HttpError. */
export async function openResponse(
  first: Outgoing,
  policy: HttpRequestParams['redirectPolicy'],
  network: Network,
  lifetime: Lifetime,
): Promise<HttpIncoming> {
  let outgoing = first;
  for (let redirects = 0; ; redirects++) {
    const response = await send(outgoing, network, lifetime);
    const target = policy === 'stop' ? undefined : redirectTarget(response, outgoing.url);
    if (!target) return response;
    response.body.destroy();
    if (!isHttp(target)) {
      throw requestFailed(`redirect target uses unsupported URL scheme: ${schemeOf(target)}`);
    }
    if (redirects === MAX_REDIRECTS) throw requestFailed('too many redirects');
    outgoing = redirected(outgoing, response.status, target);
  }
}

/** The headers that are text, which is all that JSON can carry unharmed. */
export function textHeaders({ headers }: HttpIncoming): HttpIncoming['headers'] {
  return headers.filter(({ value }) => !/[^\t\x20-\x7e]/.test(value));
}
