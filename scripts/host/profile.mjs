// A throw-away profile: no trace of the person's own editor in, none of ours left behind.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Off: whatever asks the internet, pops up, or moves things about on a picture. */
const QUIET = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'http.proxySupport': 'off',
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  // WebGL draws terminals at the wrong size in headless pictures.
  'terminal.integrated.gpuAcceleration': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  // A chat panel would cover a quarter of the window.
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A new folder opens untrusted, without a dialog in the way. */
export const RESTRICTED = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * @typedef {{ root: string, userData: string, extensions: string, temp: string, state: string, workspace: string }} Profile
 * @param {Record<string, unknown>} [settings] the user's settings
 * @returns {Profile}
 */
export function makeProfile(settings = {}) {
  // Short names: VS Code puts sockets below, and the path of a socket has about 100 characters.
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'xs-')));
  process.once('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const profile = {
    root,
    userData: path.join(root, 'd'),
    extensions: path.join(root, 'x'),
    temp: path.join(root, 't'),
    // What agents' configurations name, and records of windows: a person's own are not touched.
    state: path.join(root, 's'),
    workspace: path.join(root, 'demo'),
  };
  for (const folder of [
    path.join(profile.userData, 'User'),
    path.join(profile.userData, 'Machine'),
    profile.extensions,
    profile.temp,
    profile.workspace,
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  const write = (/** @type {string} */ scope, /** @type {object} */ values) =>
    writeFileSync(path.join(profile.userData, scope, 'settings.json'), JSON.stringify(values, null, 2));
  write('User', { ...QUIET, ...settings });
  // A browser's window takes what has the scope "machine" from here: from the other it may drop it.
  write('Machine', settings);
  writeFileSync(path.join(profile.workspace, 'README.md'), '# Demo\n\nA folder for an agent to work in.\n');
  return profile;
}

/**
 * Our environment without what belongs to an editor or npm around us, which would change how a new editor starts.
 * @param {NodeJS.ProcessEnv} [more]
 */
export function cleanEnvironment(more = {}) {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|npm_|NODE_OPTIONS$)/.test(name),
  );
  return { ...Object.fromEntries(entries), ...more };
}
