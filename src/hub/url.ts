/** What a typed URL is made of: the address that is kept in the settings, and the secret that is not. */
export type TypedUrl =
  | { readonly ok: true; readonly url: string; readonly token?: string }
  | { readonly ok: false; readonly fault: UrlFault };

/** `scheme`: neither ws nor wss. `login`: a name or password before the host, which clients drop. */
export type UrlFault = 'syntax' | 'scheme' | 'login';

/** What follows the `?` may be a secret of whoever is in front of the server: it is shown and copied nowhere. */
export function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** The path of a URL that an exec-server prints or copies: 32 random bytes, base64url, and nothing else. */
const TOKEN_PATH = /^\/([\w-]{43})\/?$/;

/** Reads a WebSocket URL; a token that is its path, as Exec Server's own URLs have it, is taken out. */
export function readUrl(text: string): TypedUrl {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { ok: false, fault: 'syntax' };
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') return { ok: false, fault: 'scheme' };
  if (url.hostname === '') return { ok: false, fault: 'syntax' };
  if (url.username || url.password) return { ok: false, fault: 'login' };
  const token = TOKEN_PATH.exec(url.pathname)?.[1];
  if (token === undefined) return { ok: true, url: plain(url) };
  url.pathname = '/';
  return { ok: true, url: plain(url), token };
}

/** Without the slash that the parser puts after a bare host. */
function plain(url: URL): string {
  return url.pathname === '/' && !url.search ? `${url.protocol}//${url.host}` : url.href;
}
