/** Everything a client needs to come in. The token opens a shell: treat all of it like a password. */
export interface Connection {
  /** With the token in its path, for clients that can send no header. */
  readonly url: string;
  /** Without the token. */
  readonly baseUrl: string;
  readonly token: string;
  readonly headers: { readonly Authorization: string };
  /** For the environment of a client. */
  readonly env: { readonly CODEX_EXEC_SERVER_URL: string; readonly NO_PROXY: string };
  /** A whole `environments.toml` for `CODEX_HOME`. */
  readonly environmentsToml: string;
}

/** Clients send loopback sockets through a proxy, and so the token too, unless told not to. */
const NO_PROXY = '127.0.0.1,localhost';

export function describeConnection(url: string, token: string): Connection {
  const { host } = new URL(url);
  const baseUrl = `ws://${host}`;
  return {
    url,
    baseUrl,
    token,
    headers: { Authorization: `Bearer ${token}` },
    env: { CODEX_EXEC_SERVER_URL: url, NO_PROXY },
    environmentsToml: environmentsToml(baseUrl, token),
  };
}

/** A line to put before a command in a shell. */
export function environmentLine(connection: Connection): string {
  return `CODEX_EXEC_SERVER_URL='${connection.url}' NO_PROXY=${connection.env.NO_PROXY}`;
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
