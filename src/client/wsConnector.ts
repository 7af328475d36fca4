import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WsTransport } from '../rpc';
import type { Transport, TransportEvents } from '../rpc/transport';
import { MAX_INCOMING_BYTES, MAX_INCOMING_FRAGMENTS, MAX_INCOMING_PIECES } from './bounds';
import type { Connector } from './connector';
import { ConnectError } from './errors';
import { endWhenSilent, HEARTBEAT_MS } from './heartbeat';
import { parseWsUrl, type WsUrl } from './wsUrl';
import { errorCode } from '../values';

/** A token, or how to get the current one; asked before each connection. */
export type AuthBearerToken = string | (() => string | undefined | Promise<string | undefined>);

/** An exec-server behind a WebSocket URL. */
export class WsConnector implements Connector {
  readonly resumes = true;
  readonly allowsBanner = false;
  private readonly url: WsUrl;

  /**
   * Reaches nobody before it is opened.
   *
   * @throws ConnectError for a URL that can't be one
   */
  constructor(
    url: string,
    private readonly authBearerToken?: AuthBearerToken,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {
    this.url = parseWsUrl(url);
  }

  get target(): string {
    return this.url.masked;
  }

  async open(events: TransportEvents, signal: AbortSignal): Promise<Transport> {
    const { authBearerToken: given, url } = this;
    const token = typeof given === 'function' ? await given() : given;
    if (token !== undefined && !url.keepsSecrets) {
      throw new ConnectError(
        'exec-server WebSocket headers require wss:// or a loopback destination: the token would cross the network readable by others. Use wss://, or forward a port (for example with ssh -L) and connect to 127.0.0.1',
        true,
      );
    }
    const headers = token === undefined ? {} : { authorization: `Bearer ${headerText(token)}` };
    // Not loaded for machines behind a program.
    const ws = await import('ws');
    signal.throwIfAborted();
    const socket = new ws.WebSocket(url.href, {
      headers,
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: MAX_INCOMING_BYTES,
      maxFragments: MAX_INCOMING_FRAGMENTS,
      maxBufferedChunks: MAX_INCOMING_PIECES,
      // The transport answers pings itself.
      autoPong: false,
    });
    return await new Promise<Transport>((resolve, reject) => {
      const abort = () => socket.terminate();
      signal.addEventListener('abort', abort, { once: true });
      let carrier: Duplex | undefined;
      socket.once('upgrade', (response) => (carrier = response.socket));
      socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
        request.destroy();
        reject(refusal(response.statusCode ?? 0));
      });
      socket.once('error', (error) => reject(failure(error)));
      socket.once('open', () => {
        signal.removeEventListener('abort', abort);
        if (!carrier) return;
        endWhenSilent(socket, this.heartbeatMs);
        resolve(new WsTransport(socket, carrier, this.target, withCloseCode(socket, events)));
      });
    });
  }
}

/**
 * The token as a header has it.
 *
 * @throws ConnectError, which does not repeat it, for a token that no header can hold
 */
function headerText(token: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new ConnectError(
    'the token is empty or holds white space or other characters that no token has. Copy it again',
    true,
  );
}

/** The transport tells of the end of the stream; what the server's close frame said is known a few turns later. */
function withCloseCode(socket: WebSocket, events: TransportEvents): TransportEvents {
  return {
    message: (data) => events.message(data),
    drained: () => events.drained(),
    closed: (code, reason) => {
      if (socket.readyState === socket.CLOSED) events.closed(code, reason);
      else socket.once('close', (later, why) => events.closed(later, why.toString()));
    },
  };
}

function refusal(status: number): ConnectError {
  if (status === 401) {
    return new ConnectError(
      'it refused the token (HTTP 401). Copy the URL or token from the server again: it changes with each start',
      true,
    );
  }
  if (status === 403) {
    return new ConnectError(
      'it refused the connection (HTTP 403). Connect to the port that the server itself prints; when you forward it, forward it under the same number',
      true,
    );
  }
  if (status === 503) return new ConnectError('it takes no more connections now (HTTP 503). Try again later');
  return new ConnectError(
    `it answered with HTTP ${status} instead of a WebSocket: it is no exec-server, or the path of the URL is wrong`,
    status < 500,
  );
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused). Start the exec-server, or correct the port',
  ENOTFOUND: 'there is no host of that name. Correct the URL',
  EAI_AGAIN: 'the name of the host could not be looked up now. Check the network',
  EHOSTUNREACH: 'the host cannot be reached. Check the network',
  ENETUNREACH: 'the network cannot be reached. Check the network',
  ETIMEDOUT: 'the host did not answer in time. Check the network',
  ECONNRESET: 'it ended the connection before it answered. Is it an exec-server?',
  EPROTO: 'it does not speak TLS as wss:// needs it. Use ws:// or another port',
};

function failure(error: Error): ConnectError {
  return new ConnectError(
    MEANINGS[errorCode(error) ?? ''] ??
      `it does not answer as a WebSocket server (${error.message}). Correct the URL`,
  );
}
