// Starts the VS Code server of the cache on a loopback port.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { START_MS } from './patience.mjs';
import { cleanEnvironment } from './profile.mjs';
import { run, sleep } from './run.mjs';
import { ownTree } from './tree.mjs';

const LOG_KEPT_CHARS = 1_000_000;

const QUIET = [
  '--accept-server-license-terms',
  '--telemetry-level',
  'off',
  '--disable-update-check',
  '--disable-experiments',
];

/** @param {import('./profile.mjs').Profile} profile */
const places = ({ userData, extensions }) => ['--user-data-dir', userData, '--extensions-dir', extensions];

/** An empty gallery keeps the server from asking a marketplace. @param {NodeJS.ProcessEnv} [more] */
const environment = (more) => cleanEnvironment({ EXTENSIONS_GALLERY: '{}', ...more });

/**
 * Installs a packaged extension into the profile.
 * @param {import('./editor.mjs').Editor} editor
 * @param {import('./profile.mjs').Profile} profile
 * @param {string} vsix
 */
export async function installPackage({ node, main }, profile, vsix) {
  const args = [main, '--install-extension', path.resolve(vsix), '--force', ...QUIET, ...places(profile)];
  const said = await run(node, args, { env: environment(), timeoutMs: START_MS });
  // A refused package ends with 0 as well.
  if (!/successfully installed/i.test(said)) throw new Error(`${vsix} was not installed: ${said.trim()}`);
}

/**
 * @typedef {{ port: number, child: import('node:child_process').ChildProcess, log: () => string, stop: (prelude?: () => Promise<void>) => Promise<void> }} Server
 * @param {import('./editor.mjs').Editor} editor
 * @param {import('./profile.mjs').Profile} profile
 * @param {NodeJS.ProcessEnv} [env] for the extension host and all that the extension starts
 * @param {boolean} [restricted] folders are trusted only after somebody said so
 * @returns {Promise<Server>}
 */
export async function startServer({ node, main }, profile, env, restricted = false) {
  const listen = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
  // Without the last flag a released VS Code ignores, silently, the extension and the tests that the address asks for.
  const mode = [
    ...(restricted ? [] : ['--disable-workspace-trust']),
    '--disable-getting-started-override',
    '--enable-smoke-test-driver',
  ];
  const child = spawn(node, [main, ...listen, ...QUIET, ...mode, ...places(profile)], {
    cwd: profile.root,
    env: environment({ TMPDIR: profile.temp, XDG_STATE_HOME: profile.state, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group: Ctrl+C in our terminal must reach it through us, in order.
    detached: process.platform !== 'win32',
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (text = (text + chunk).slice(-LOG_KEPT_CHARS)));
  }
  child.on('error', (error) => (text += error.message));
  const { stop } = ownTree(child);

  for (const end = Date.now() + START_MS; Date.now() < end && child.exitCode === null; await sleep(25)) {
    const port = /agent listening on (\d+)/.exec(text)?.[1];
    if (port && text.includes('agent started')) return { port: Number(port), child, log: () => text, stop };
  }
  await stop();
  throw new Error(`the VS Code server did not start:\n${text}`);
}

/**
 * The address of a window.
 * @param {Server} server
 * @param {{ workspace: string, extension?: string, tests?: string }} what folder to open, extension folder to load, test entry to run
 */
export function windowAddress({ port }, { workspace, extension, tests }) {
  /** @param {string} file */
  const slashed = (file) =>
    process.platform === 'win32' ? `/${path.resolve(file).replaceAll('\\', '/')}` : path.resolve(file);
  /** @param {string} file */
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${encodeURI(slashed(file))}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(extension ? [['extensionDevelopmentPath', remote(extension)]] : []),
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
  ];
  const address = new URL(`http://127.0.0.1:${port}/`);
  address.searchParams.set('folder', slashed(workspace));
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
