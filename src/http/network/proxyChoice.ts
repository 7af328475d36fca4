import type { Variables } from '../types';
import { isExempt, listOf } from './noProxy';
import { parseProxy, type Proxy } from './proxy';
import { hostOf } from './target';

/** A proxy that somebody has set up in the program around this server, such as an editor. */
export interface ProxySettings {
  /** What to call the setting in an error. */
  readonly source: string;
  /** A URL or HOST:PORT; may hold a name and a password. */
  readonly proxy: string;
  /** Goes before the name and password of the URL: a whole value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** In the place of `NO_PROXY`, unless it is empty. */
  readonly noProxy: readonly string[];
  /** Whether the certificate of an https proxy is checked. */
  readonly isStrict: boolean;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * The proxy for a URL, if there is to be one: the settings come first, then the environment as the reference reads it.
 * @throws Error that names the setting or variable that is no proxy. Going around it could tell others too much.
 */
export function proxyFor(url: URL, env: Variables, settings: ProxySettings | undefined): Proxy | undefined {
  const fromEnvironment = listOf(env['NO_PROXY'] ?? env['no_proxy'] ?? '');
  if (!settings) return isExempt(url, fromEnvironment) ? undefined : environmentProxy(url, env);
  const exempt = settings.noProxy.length > 0 ? settings.noProxy : fromEnvironment;
  if (LOOPBACK.has(hostOf(url)) || isExempt(url, exempt)) return undefined;
  const { source, proxy, authorization, isStrict } = settings;
  return parseProxy(proxy, { source, authorization, isVerified: isStrict });
}

function environmentProxy(url: URL, env: Variables): Proxy | undefined {
  const isSecure = url.protocol === 'https:';
  const own = isSecure ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  // A web server puts the header "Proxy" of whoever asks into HTTP_PROXY.
  const isForged = !isSecure && env['REQUEST_METHOD'] !== undefined;
  return (isForged ? undefined : named(own, env)) ?? named(['ALL_PROXY', 'all_proxy'], env);
}

/** The first variable that is there counts, also when it is empty: that is how one is switched off. */
function named(names: readonly string[], env: Variables): Proxy | undefined {
  const source = names.find((name) => env[name] !== undefined);
  const text = source === undefined ? '' : (env[source] ?? '').trim();
  return source === undefined || text === '' ? undefined : parseProxy(text, { source, isVerified: true });
}
