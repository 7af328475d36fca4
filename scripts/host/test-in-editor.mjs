// Runs tests inside a real extension host, beside a real workbench in a browser that they can click and type in.
// node scripts/host/test-in-editor.mjs [--host server|desktop] [--extension DIR | --vsix FILE] [--tests FILE]
//   [--workspace DIR] [--artifacts DIR] [--timeout SECONDS] [-v]
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { openPage } from './browser.mjs';
import { startDriver } from './driver.mjs';
import { provideEditor } from './editor.mjs';
import { readOptions } from './options.mjs';
import { START_MS, SUITE_MS } from './patience.mjs';
import { makeProfile, RESTRICTED } from './profile.mjs';
import { judge, noStart, report } from './results.mjs';
import { isMain, say } from './run.mjs';
import { installPackage, startServer, windowAddress } from './server.mjs';

/** Tells the tests' own lines from the workbench's log, in which they arrive. */
const LINE_MARK = '\u0001test\u0001';

/** @param {import('./options.mjs').TestOptions} options @returns {Promise<import('./results.mjs').Verdict>} */
export async function testInEditor(options) {
  const {
    extension,
    beside,
    tests,
    workspace,
    settings,
    env,
    restricted = false,
    timeoutMs = SUITE_MS,
    vsix,
    artifacts = 'out/editor',
    verbose = false,
  } = options;
  const editor = await provideEditor();
  const profile = makeProfile({ ...settings, ...(restricted && RESTRICTED) });
  const file = path.join(profile.root, 'results.json');
  if (vsix) await installPackage(editor, profile, vsix);
  // A new profile takes over what lies in its folder. An address can name one extension only.
  if (beside) cpSync(beside, path.join(profile.extensions, path.basename(beside)), { recursive: true });

  const driver = await startDriver(artifacts);
  const own = { TEST_RESULTS: file, TEST_LINE_MARK: LINE_MARK, TEST_DRIVER_URL: driver.url };
  const server = await startServer(editor, profile, { ...env, ...own }, restricted);
  /** @type {Awaited<ReturnType<typeof openPage>> | undefined} */
  let browser;
  /** @type {number | undefined} */
  let status;
  /** @type {string | undefined} */
  let trouble;
  /** @type {string[]} */
  const errors = [];
  try {
    browser = await openPage({ verbose });
    driver.attach(browser.page);
    const ended = hostEnd(browser.page, server, timeoutMs, verbose, errors);
    ended.catch(() => {}); // goto() may fail first
    const loaded = vsix ? emptyExtension(profile.root) : extension;
    await browser.page.goto(
      windowAddress(server, {
        workspace: workspace ?? profile.workspace,
        ...(loaded && { extension: loaded }),
        tests,
      }),
      { timeout: START_MS },
    );
    status = await ended;
  } catch (error) {
    trouble = String(/** @type {Error} */ (error).message ?? error);
  }
  const verdict = judge(file, status, trouble);
  // Complaints are usual, so they are shown only where the results say nothing.
  if (verdict.trouble) errors.forEach((error) => say(error));
  if (!verdict.ok) await keepEvidence(artifacts, browser?.page, server, profile);
  await server.stop(browser?.close);
  // A server that had ended by itself leaves the browser to us.
  await browser?.close();
  driver.close();
  return verdict;
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./server.mjs').Server} server
 * @param {number} timeoutMs
 * @param {boolean} verbose
 * @param {string[]} errors gets what the host and the workbench complain about
 * @returns {Promise<number>} the status that the extension host reports
 */
function hostEnd(page, server, timeoutMs, verbose, errors) {
  return new Promise((resolve, reject) => {
    // A workbench that was opened for tests calls these two functions of its page.
    const onLog = (/** @type {string} */ level, /** @type {unknown[]} */ args) => {
      const text = format(...args);
      const at = text.indexOf(LINE_MARK);
      if (at >= 0) console.log(text.slice(at + LINE_MARK.length));
      else if (verbose) say(`${level}:`, text);
      else if (level === 'error') errors.push(text.split('\n').slice(0, 4).join('\n'));
    };
    page.exposeFunction('codeAutomationLog', onLog).catch(reject);
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.once('crash', () => reject(new Error('the page crashed')));
    server.child.once('exit', (code) => reject(new Error(`the VS Code server ended with ${code}`)));
    setTimeout(
      () => reject(new Error(`the tests did not end within ${timeoutMs / 1000} s`)),
      timeoutMs,
    ).unref();
  });
}

/** VS Code runs tests only if some extension is under development: a packaged one gets this beside it. @param {string} root */
function emptyExtension(root) {
  const folder = path.join(root, 'empty');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'local', version: '0.0.0', engines: { vscode: '*' } };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/**
 * @param {string} artifacts
 * @param {import('playwright-core').Page | undefined} page
 * @param {import('./server.mjs').Server} server
 * @param {import('./profile.mjs').Profile} profile
 */
async function keepEvidence(artifacts, page, server, profile) {
  mkdirSync(artifacts, { recursive: true });
  await page?.screenshot({ path: path.join(artifacts, 'failure.png'), timeout: 5000 }).catch(() => {});
  writeFileSync(path.join(artifacts, 'server.log'), server.log());
  cpSync(path.join(profile.userData, 'logs'), path.join(artifacts, 'logs'), { recursive: true, force: true });
  say(`a picture and logs are in ${artifacts}`);
}

if (isMain(import.meta.url)) {
  const { host, ...options } = readOptions();
  const test = host === 'desktop' ? (await import('./test-in-desktop.mjs')).testInDesktop : testInEditor;
  const verdict = await test(options).catch((error) => noStart(error));
  report(verdict);
  process.exit(verdict.ok ? 0 : 1);
}
