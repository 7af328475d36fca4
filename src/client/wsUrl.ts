import { ConnectError } from './errors';

/** A server's WebSocket URL. */
export interface WsUrl {
  readonly href: string;
  /** For people: path and query may be secrets and are left out. */
  readonly masked: string;
  /** Whether a secret may be sent in a header: wss:// or loopback. */
  readonly keepsSecrets: boolean;
}

/**
 * The URL of an exec-server, checked.
 *
 * @throws ConnectError for what is no URL of an exec-server; it does not repeat the URL, which may hold a token
 */
export function parseWsUrl(text: string): WsUrl {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new ConnectError('the URL of the exec-server is not valid; write ws://HOST:PORT/TOKEN', true);
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    const scheme = url.protocol.slice(0, -1);
    throw new ConnectError(
      `the URL of an exec-server begins with ws:// or wss://, not with ${scheme}://`,
      true,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConnectError(
      'the URL of an exec-server must not hold a user name or password; give the token by itself',
      true,
    );
  }
  url.hash = '';
  const hidden = url.pathname !== '/' || url.search !== '';
  return {
    href: url.href,
    masked: `${url.protocol}//${url.host}${hidden ? '/…' : ''}`,
    keepsSecrets: url.protocol === 'wss:' || isLoopback(url.hostname),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
