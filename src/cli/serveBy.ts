export { keep } from './keep';
import { parseListenUrl } from '../server';
import { readBounds } from './bounds';
import { oneOf, type Options } from './options';
import { outliveReaders } from './readers';
import { serveOnSocket, serveOnStdio } from './serve';
import { version } from '../values/version';
import { readWsAuth, secretFiles } from './wsAuth';

const AUTH = { token: { type: 'token' }, none: { type: 'none' } } as const;

/** Serves as the options say. Rejects with a sentence for those that make no sense together. */
export async function serve(options: Options): Promise<void> {
  outliveReaders();
  const wsAuth = await readWsAuth(options);
  const mode = oneOf('--auth', options.auth ?? 'token', ['token', 'none'] as const);
  const address = parseListenUrl(options.listen ?? 'ws://127.0.0.1:0');
  const bounds = readBounds(options);
  if (address !== 'stdio') {
    const { workspace = hereIfThere() } = options;
    const secrets = secretFiles(options);
    return serveOnSocket({ address, auth: wsAuth ?? AUTH[mode], workspace, secrets }, version, bounds);
  }
  if (wsAuth || options.auth !== undefined) {
    throw new Error('WebSocket auth requires a WebSocket listener, not stdio');
  }
  return serveOnStdio(version, bounds);
}

/** The folder that this runs in; none where that is gone. */
function hereIfThere(): string[] {
  try {
    return [process.cwd()];
  } catch {
    return [];
  }
}
