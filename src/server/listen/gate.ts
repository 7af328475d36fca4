import type { Access, BearerCheck } from '../auth/access';
import { BearerRefusal, checkBearer, sameToken } from '../auth/bearer';
import { isSameToken } from '../auth/token';

/**
 * Who may come in (docs/protocol/gate.md#checks): a decision about one HTTP request.
 * The order is part of the contract: peer address, Origin, Host, health paths, then path, method and token.
 */

export interface GateRequest {
  readonly remoteAddress: string | undefined;
  readonly method: string;
  /** The request's target, unparsed: what stands in the request line. */
  readonly url: string;
  /** By lower-case name: every value that was sent, none dropped or joined. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface GateRules {
  /** The port that `Host` must name. */
  readonly port: number;
  readonly access: Access;
  /**
   * Whether we listen for other machines. Their addresses are not loopback ones, and the names that they
   * know us by are unknown here; that stops no DNS rebinding, but a web page always sends an `Origin` and
   * never our `Authorization`.
   */
  readonly isPublic: boolean;
  /** Paths of other protocols than the wire's, which take the token as a bearer token only. */
  readonly doors?: readonly string[];
}

export interface GateAnswer {
  readonly status: number;
  /** Plain text. */
  readonly body: string;
  readonly allow?: string;
}

/** `upgrade`: go on with the WebSocket handshake. `door`: the path's own protocol takes it. */
export type Decision = 'upgrade' | 'door' | GateAnswer;

/** Never rejects. */
export async function authorize(request: GateRequest, rules: GateRules): Promise<Decision> {
  const { headers, method } = request;
  if (!rules.isPublic && !isLoopbackAddress(request.remoteAddress)) return FORBIDDEN;
  if (headers['origin'] !== undefined) return FORBIDDEN;
  if (!rules.isPublic && !isOurHost(only(headers['host']), rules.port)) return FORBIDDEN;
  const path = request.url.replace(/[?#].*$/s, '');
  if (path === '/readyz' || path === '/healthz') return health(method);
  const { access } = rules;
  if (rules.doors?.includes(path)) {
    const refusal = await checkHeader(headers['authorization'], access);
    return refusal === undefined ? 'door' : unauthorized(refusal);
  }
  if (access.type === 'token') {
    const refusal = await checkToken(path, headers['authorization'], access.token);
    return refusal === undefined ? checkUpgrade(request) : unauthorized(refusal);
  }
  if (path !== '/') return { status: 404, body: 'not found' };
  const verdict = checkUpgrade(request);
  if (verdict !== 'upgrade' || access.type === 'none') return verdict;
  const refusal = await checkBearer(headers['authorization'], access.check);
  return refusal === undefined ? 'upgrade' : unauthorized(refusal);
}

const FORBIDDEN: GateAnswer = { status: 403, body: '' };

function health(method: string): GateAnswer {
  const known = method === 'GET' || method === 'HEAD';
  return known ? { status: 200, body: '' } : { status: 405, body: '', allow: 'GET,HEAD' };
}

function unauthorized(body: string): GateAnswer {
  return { status: 401, body };
}

/** Undefined if the token is there; otherwise the reference's text. */
function checkToken(
  path: string,
  authorization: readonly string[] | undefined,
  token: string,
): ReturnType<BearerCheck> {
  if (isSameToken(path.slice(1), token)) return undefined;
  return path === '/' ? checkBearer(authorization, sameToken(token)) : BearerRefusal.token;
}

function checkHeader(authorization: readonly string[] | undefined, access: Access): ReturnType<BearerCheck> {
  if (access.type === 'none') return undefined;
  return checkBearer(authorization, access.type === 'token' ? sameToken(access.token) : access.check);
}

function checkUpgrade({ method, headers }: GateRequest): Decision {
  if (method !== 'GET') return { status: 405, body: 'method not allowed', allow: 'GET,HEAD' };
  const wants = only(headers['upgrade'])?.toLowerCase() === 'websocket';
  const connection = (headers['connection'] ?? [])
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  if (!wants || !connection.includes('upgrade')) return bad('this is a WebSocket endpoint');
  if (only(headers['sec-websocket-version']) !== '13') return bad('sec-websocket-version must be 13');
  if (!KEY.test(only(headers['sec-websocket-key']) ?? ''))
    return bad('sec-websocket-key is missing or invalid');
  return 'upgrade';
}

/** 16 bytes as base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

function bad(body: string): GateAnswer {
  return { status: 400, body };
}

/** A field's value if it was sent just once: which of several counts is a matter of taste, so none does. */
function only(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined;
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
