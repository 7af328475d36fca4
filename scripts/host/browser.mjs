// A headless Chromium with one page that reaches this machine only.
import { chromium } from 'playwright-core';
import { provideChromium } from './chromium.mjs';
import { START_MS, STEP_MS } from './patience.mjs';
import { say } from './run.mjs';

const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  // Nothing but loopback has an address, for every kind of request.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * @param {{ width?: number, height?: number, verbose?: boolean }} [options]
 * @returns {Promise<{ page: import('playwright-core').Page, close: () => Promise<void> }>}
 */
export async function openPage({ width = 1280, height = 800, verbose = false } = {}) {
  const executablePath = await provideChromium();
  const browser = await chromium.launch({
    executablePath,
    args: ARGS,
    timeout: START_MS,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: 'dark',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  // A workbench is loaded anew by goto() and by reload().
  page.setDefaultNavigationTimeout(START_MS);
  // An action that finds nothing to click fails well before the case's own limit.
  page.setDefaultTimeout(STEP_MS);
  if (verbose) {
    page.on('pageerror', (error) => say('page:', error.message));
    page.on('console', (message) => say('page:', message.text().slice(0, 400)));
  }
  const close = async () => {
    // Leaving the page tells the extension host to end in order; killing the browser would not.
    await page.goto('about:blank', { timeout: 5000 }).catch(() => {});
    await browser.close().catch(() => {});
  };
  return { page, close };
}

/** @param {import('playwright-core').Page} page */
export async function untilDrawn(page) {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: START_MS });
  await page.evaluate('document.fonts.ready.then(() => true)');
}
