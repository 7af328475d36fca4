import { isIP } from 'node:net';

export interface ListenAddress {
  /** An IP literal without brackets. */
  readonly host: string;
  readonly port: number;
}

const MAX_PORT = 65_535;

/**
 * Reads a `--listen` URL (docs/protocol/listener.md#address).
 *
 * @throws Error with the reference's text
 */
export function parseListenUrl(url: string): ListenAddress | 'stdio' {
  if (url === 'stdio' || url === 'stdio://') return 'stdio';
  if (!url.startsWith('ws://')) {
    throw new Error(`unsupported --listen URL \`${url}\`; expected \`ws://IP:PORT\` or \`stdio\``);
  }
  const [, literal = '', digits = ''] = /^ws:\/\/(.+):(\d{1,5})$/.exec(url) ?? [];
  const host = /^\[(.*)\]$/.exec(literal)?.[1] ?? literal;
  const port = Number(digits);
  const isBracketed = host !== literal;
  if (digits === '' || port > MAX_PORT || isIP(host) !== (isBracketed ? 6 : 4)) {
    throw new Error(`invalid websocket --listen URL \`${url}\`; expected \`ws://IP:PORT\``);
  }
  return { host, port };
}
