import { isSameToken } from './token';

/**
 * Who may come in (PROTOCOL chapters 1.2, 1.3 and 18): a pure decision about one HTTP request.
 * The order is part of the contract: peer address, Origin, Host, health paths, token, path, method.
 */

export interface GateRequest {
  readonly remoteAddress: string | undefined;
  readonly method: string;
  /** As in the request line. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface GateRules {
  /** The port that `Host` must name. */
  readonly port: number;
  /** Undefined where no token is asked for. */
  readonly token: string | undefined;
}

export interface GateAnswer {
  readonly status: number;
  /** Plain text. */
  readonly body: string;
  readonly allow?: string;
}

/** `upgrade`: go on with the WebSocket handshake. */
export function judge(request: GateRequest, rules: GateRules): 'upgrade' | GateAnswer {
  if (!isLoopbackAddress(request.remoteAddress)) return FORBIDDEN;
  if (request.headers['origin'] !== undefined) return FORBIDDEN;
  if (!isOurHost(text(request.headers['host']), rules.port)) return FORBIDDEN;
  const path = request.url.replace(/[?#].*$/s, '');
  if (path === '/readyz' || path === '/healthz') return health(request.method);
  if (rules.token === undefined) {
    if (path !== '/') return { status: 404, body: 'not found' };
  } else {
    const refusal = checkToken(path, text(request.headers['authorization']), rules.token);
    if (refusal !== undefined) return { status: 401, body: refusal };
  }
  return checkUpgrade(request);
}

const FORBIDDEN: GateAnswer = { status: 403, body: '' };

function health(method: string): GateAnswer {
  const known = method === 'GET' || method === 'HEAD';
  return known ? { status: 200, body: '' } : { status: 405, body: '', allow: 'GET,HEAD' };
}

/** Undefined if the token is there; otherwise the reference's text. */
function checkToken(path: string, authorization: string | undefined, token: string): string | undefined {
  if (isSameToken(path.slice(1), token)) return undefined;
  if (path !== '/') return 'invalid websocket bearer token';
  if (authorization === undefined) return 'missing websocket bearer token';
  const offered = /^bearer\s+(\S.*)$/i.exec(authorization.trim())?.[1];
  if (offered === undefined) return 'invalid authorization header';
  return isSameToken(offered, token) ? undefined : 'invalid websocket bearer token';
}

function checkUpgrade({ method, headers }: GateRequest): 'upgrade' | GateAnswer {
  if (method !== 'GET') return { status: 405, body: 'method not allowed', allow: 'GET,HEAD' };
  const wants = text(headers['upgrade'])?.toLowerCase() === 'websocket';
  const connection = text(headers['connection'])
    ?.toLowerCase()
    .split(/\s*,\s*/);
  if (!wants || !connection?.includes('upgrade')) return bad('this is a WebSocket endpoint');
  if (text(headers['sec-websocket-version']) !== '13') return bad('sec-websocket-version must be 13');
  if (!KEY.test(text(headers['sec-websocket-key']) ?? ''))
    return bad('sec-websocket-key is missing or invalid');
  return 'upgrade';
}

/** 16 bytes as base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

function bad(body: string): GateAnswer {
  return { status: 400, body };
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

/** 127.0.0.0/8, ::1, and the former written as an IPv6 address. */
export function isLoopbackAddress(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/i, '') ?? '';
  return plain === '::1' || IPV4_LOOPBACK.test(plain);
}

const IPV4_LOOPBACK = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** A loopback name or literal with our port; this is what stops DNS rebinding. */
function isOurHost(host: string | undefined, port: number): boolean {
  const match = /^(.+?)(?::(\d+))?$/.exec(host ?? '');
  const [, name = '', hostPort = '80'] = match ?? [];
  if (Number(hostPort) !== port) return false;
  return name.toLowerCase() === 'localhost' || name === '[::1]' || IPV4_LOOPBACK.test(name);
}
