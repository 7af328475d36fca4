/** The host of a URL as sockets want it: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The port of an http or https URL, the usual one included. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** HOST:PORT, the port always there, as CONNECT wants it. */
export function authorityOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}
