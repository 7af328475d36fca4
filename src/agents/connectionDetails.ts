import type { ConnectionDetails } from './api';

/** Names a file that says how to connect, for tests and demonstrations. Only its owner can read it. */
export const CONNECTION_FILE_VARIABLE = 'EXEC_SERVER_CONNECTION_FILE';

/** Clients send loopback sockets through a proxy, and so the token too, unless told not to. */
const LOOPBACK = ['127.0.0.1', 'localhost'];

/** @param known what this process keeps away from proxies itself, which goes on to hold for clients */
export function describeConnection(
  url: string,
  token: string,
  known = process.env['NO_PROXY'] ?? process.env['no_proxy'] ?? '',
): ConnectionDetails {
  const { host } = new URL(url);
  const baseUrl = `ws://${host}`;
  // Only what a host can look like: it is copied into a command line.
  const hosts = known.split(/[\s,]+/).filter((one) => /^[\w.*:/[\]-]+$/.test(one));
  const NO_PROXY = [...new Set([...LOOPBACK, ...hosts])].join();
  return {
    url,
    baseUrl,
    token,
    headers: { Authorization: `Bearer ${token}` },
    env: { CODEX_EXEC_SERVER_URL: url, NO_PROXY },
    environmentsToml: environmentsToml(baseUrl, token),
  };
}

/** A command line that starts Codex connected: of a shell, and on Windows of PowerShell. */
export function codexCommandLine({ url, env }: ConnectionDetails, platform = process.platform): string {
  const { NO_PROXY } = env;
  return platform === 'win32'
    ? `$env:CODEX_EXEC_SERVER_URL='${url}'; $env:NO_PROXY='${NO_PROXY}'; codex`
    : // The blank in front keeps it, and the token, out of the history of most shells.
      ` CODEX_EXEC_SERVER_URL='${url}' NO_PROXY='${NO_PROXY}' codex`;
}

/** `include_local = false`: with the default, a dead door makes Codex run commands elsewhere without a word. */
function environmentsToml(baseUrl: string, token: string): string {
  return [
    'default = "editor"',
    'include_local = false',
    '',
    '[[environments]]',
    'id = "editor"',
    `url = "${baseUrl}"`,
    `auth_bearer_token = "${token}"`,
    '',
  ].join('\n');
}
