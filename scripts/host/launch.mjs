// Opens an editor with the extension loaded, for people (start.mjs) and for pictures (screenshots.mjs).
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findDesktop, startDesktop } from './desktop.mjs';
import { makeProfile, RESTRICTED } from './profile.mjs';
import { sleep } from './run.mjs';

/**
 * @typedef {object} Launched
 * @property {string} workspace the folder that is open
 * @property {string} state where agents find its windows
 * @property {string} [address] to be opened in a browser, if it is not a desktop editor
 * @property {() => string | undefined} connection the exec-server's URL, once it is up
 * @property {Promise<unknown>} ended when the editor has ended by itself
 * @property {(prelude?: () => Promise<void>) => Promise<void>} stop
 *
 * @param {{ extension: string, settings?: Record<string, unknown>, desktop?: boolean, restricted?: boolean }} options
 *   restricted: folders are trusted only after somebody said so, as far as it is no desktop editor
 * @returns {Promise<Launched>}
 */
export async function launch({ extension, settings, desktop = true, restricted = false }) {
  const executable = desktop ? findDesktop() : undefined;
  const profile = makeProfile({ ...settings, ...(restricted && RESTRICTED) });
  const file = path.join(profile.root, 'connection.json');
  const env = { EXEC_SERVER_CONNECTION_FILE: file };
  const { workspace, state } = profile;
  const common = { workspace, state, connection: () => readConnection(file) };
  /** @param {import('node:child_process').ChildProcess} child */
  const end = (child) => new Promise((resolve) => child.once('exit', resolve).once('error', resolve));

  if (executable) {
    const { child, stop } = startDesktop(
      executable,
      profile,
      { workspace: profile.workspace, extension },
      env,
    );
    return { ...common, ended: end(child), stop };
  }
  const { provideEditor } = await import('./editor.mjs');
  const { startServer, windowAddress } = await import('./server.mjs');
  const server = await startServer(await provideEditor(), profile, env, restricted);
  const address = windowAddress(server, { workspace: profile.workspace, extension });
  return { ...common, address, ended: end(server.child), stop: server.stop };
}

/**
 * Keeps an agent at work: a new one whenever the exec-server comes up with a new URL, as after a reload of the window.
 * @param {Launched} editor
 * @param {(url: string) => { stop: () => void }} startAgent
 */
export async function keepAgent(editor, startAgent) {
  let current = '';
  /** @type {{ stop: () => void } | undefined} */
  let agent;
  let over = false;
  void editor.ended.then(() => (over = true));
  for (; !over; await sleep(200)) {
    const url = editor.connection();
    if (!url || url === current) continue;
    current = url;
    agent?.stop();
    agent = startAgent(url);
  }
  agent?.stop();
}

/** @param {string} file @returns {string | undefined} */
function readConnection(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).url;
  } catch {
    return undefined; // half written; the next look will find it whole
  }
}
