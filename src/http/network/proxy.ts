import { urlCredentials } from '../requestUrl';

/** A proxy to go through. Its credentials are for the wire alone, never for a log or an error. */
export interface Proxy {
  /** Where it came from, for people: a variable of the environment or a setting. */
  readonly source: string;
  /** http or https, without name and password. */
  readonly url: URL;
  /** The value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** Whether the certificate of an https proxy is checked. */
  readonly isVerified: boolean;
}

/** What is known of a proxy beside its URL. */
export type ProxyFacts = Pick<Proxy, 'source' | 'isVerified'> & {
  readonly authorization?: string | undefined;
};

/**
 * A proxy from how people write it: a URL, or HOST:PORT for http.
 * @throws Error that names the source and none of the text, which may hold a password
 */
export function parseProxy(text: string, { source, isVerified, authorization }: ProxyFacts): Proxy {
  const written = text.trim();
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  if (!URL.canParse(full)) throw new Error(`${source} is no URL of a proxy`);
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(
      `${source} names a ${url.protocol.slice(0, -1)} proxy; only http and https are supported`,
    );
  }
  const credentials = urlCredentials(url);
  url.username = '';
  url.password = '';
  return { source, url, authorization: authorization ?? credentials, isVerified };
}
