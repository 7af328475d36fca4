// Finds a desktop VS Code and starts it with a throw-away profile.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { cacheRoot } from './cache.mjs';
import { cleanEnvironment } from './profile.mjs';
import { which } from './run.mjs';
import { ownTree } from './tree.mjs';

/** An installed one: VSCODE_EXECUTABLE, or `code` on PATH where there is a screen to show it on. */
export function findDesktop() {
  const wished = process.env.VSCODE_EXECUTABLE;
  if (wished) {
    const found = which(path.isAbsolute(wished) ? wished : path.resolve(wished)) ?? which(wished);
    if (!found) throw new Error(`VSCODE_EXECUTABLE names ${wished}, which is not an executable`);
    return found;
  }
  return hasScreen() ? which('code') : undefined;
}

export const hasScreen = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** An installed one, or one that @vscode/test-electron downloads into the cache. @returns {Promise<string>} */
export async function provideDesktop() {
  if (process.env.VSCODE_EXECUTABLE) return /** @type {string} */ (findDesktop());
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const version = process.env.VSCODE_VERSION ?? 'stable';
  return downloadAndUnzipVSCode({ version, cachePath: path.join(cacheRoot(), 'desktop') });
}

/**
 * @param {string} executable the program itself or its command-line launcher
 * @param {import('./profile.mjs').Profile} profile
 * @param {{ workspace: string, extension: string, tests?: string }} what
 * @param {NodeJS.ProcessEnv} env for the extension host
 */
export function startDesktop(executable, profile, { workspace, extension, tests }, env) {
  const args = [
    workspace,
    `--extensionDevelopmentPath=${extension}`,
    ...(tests ? [`--extensionTestsPath=${tests}`] : ['--wait']),
    '--new-window',
    '--disable-workspace-trust',
    '--disable-updates',
    '--disable-telemetry',
    '--skip-welcome',
    '--skip-release-notes',
    `--user-data-dir=${profile.userData}`,
    `--extensions-dir=${profile.extensions}`,
    // Chromium refuses its sandbox to root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  // Tests need a screen too; a virtual one will do.
  const virtual = tests && !hasScreen();
  const xvfb = virtual ? which('xvfb-run') : undefined;
  if (virtual && !xvfb)
    throw new Error('there is no screen: install xvfb and xauth (Debian: apt-get install xvfb xauth)');
  const [command, ...first] = xvfb ? [xvfb, '-a', executable] : [executable];
  const child = spawn(command, [...first, ...args], {
    env: cleanEnvironment({ XDG_STATE_HOME: profile.state, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32' && executable.endsWith('.cmd'),
  });
  const { stop } = ownTree(child);
  return { child, stop };
}
