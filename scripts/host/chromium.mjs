// Finds a Chromium, or says how to get one.
import { existsSync } from 'node:fs';
import { run, say, which } from './run.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
  'chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The fonts are for readable pictures: a bare Debian has none at all. */
const DEBIAN_PACKAGES = ['chromium', 'fonts-dejavu-core', 'fonts-noto-mono'];

/** @returns {Promise<string>} the executable */
export async function provideChromium() {
  const wished = process.env.EXEC_SERVER_BROWSER;
  if (wished) {
    const found = which(wished);
    if (!found) throw new Error(`EXEC_SERVER_BROWSER names ${wished}, which is not an executable`);
    return found;
  }
  const found = which(...NAMES);
  if (found) return found;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) return installOnDebian();
  throw new Error(
    'No Chromium or Chrome was found. Install one ' +
      `(Debian, Ubuntu: sudo apt-get install ${DEBIAN_PACKAGES.join(' ')}), or set EXEC_SERVER_BROWSER to its executable.`,
  );
}

async function installOnDebian() {
  say(`installing ${DEBIAN_PACKAGES.join(', ')} with apt-get, once`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN_PACKAGES], { env });
  const found = which(...NAMES);
  if (!found) throw new Error('apt-get installed chromium, yet there is no such executable on PATH');
  return found;
}
