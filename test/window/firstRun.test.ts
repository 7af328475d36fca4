import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { CASE_MS, START_MS } from '../../scripts/host/patience.mjs';
import { openPage, untilDrawn } from '../../scripts/host/browser.mjs';
import { launch } from '../../scripts/host/launch.mjs';
import { activeElement } from '../../scripts/host/keyboard.mjs';
import { openView, statusBarText, treeRows, viewText } from '../../scripts/host/workbench.mjs';
import { ROOT } from '../../scripts/lib/prepare.mjs';
import { eventually } from '../editor/host/driver';
import type { Editor, Browser } from './openWindow';

/** An editor in a browser writes down every five seconds what it shows; a reload loses what is not written down. */
const WRITTEN_DOWN_MS = 12_000;

/** Runs in the page: keeps all that the side bar has ever said. */
const NOTE_TEXTS = `
  globalThis.seenTexts = [];
  new MutationObserver(() => {
    const text = document.querySelector('.part.sidebar')?.innerText;
    if (text) globalThis.seenTexts.push(text);
  }).observe(document, { childList: true, subtree: true, characterData: true });
`;

const STARTING = 'Exec Server is starting…';
const WELCOME = 'Every command that a connected agent runs';
/** What an empty pane can say by our words; the editor has one of its own, of the time before it knows ours. */
const FIRST_TEXTS = ['This workspace is not trusted', STARTING, WELCOME];

type Page = Browser['page'];

describe('windows after the extension was installed', function () {
  this.timeout(CASE_MS);
  let editor: Editor;
  let browser: Browser;

  before(async () => {
    editor = await launch({ extension: ROOT, desktop: false });
    browser = await openPage();
  });
  after(() => editor.stop(browser.close));

  const open = async (page: Page, address = editor.address ?? ''): Promise<void> => {
    await page.goto(address);
    await untilDrawn(page);
  };
  /** All that the extension does by itself as it starts is done by then. */
  const settled = (page: Page): Promise<unknown> =>
    eventually(
      async () => (await statusBarText(page)).some((text) => text.includes('Exec Server')),
      'the status bar',
      START_MS,
    );
  const showsPane = (page: Page): Promise<unknown> =>
    eventually(async () => (await viewText(page)).includes(WELCOME), 'the pane', START_MS);
  const showsFiles = (page: Page): Promise<unknown> =>
    eventually(
      async () => (await treeRows(page)).some(({ text }) => text === 'README.md'),
      'the files',
      START_MS,
    );

  it('the first one shows the pane, and leaves the keyboard where it was', async () => {
    const { page } = browser;
    await open(page);
    await showsPane(page);
    assert.notEqual((await activeElement(page)).part, 'workbench.parts.sidebar');
  });

  it('another window of the folder shows it too', async () => {
    const page = await browser.page.context().newPage();
    await open(page);
    await showsPane(page);
    await page.close();
  });

  it('a window that opens with the pane says at most that it is starting before it welcomes', async () => {
    const page = await browser.page.context().newPage();
    await open(page);
    await showsPane(page);
    await page.waitForTimeout(WRITTEN_DOWN_MS);
    await page.addInitScript(NOTE_TEXTS);
    await page.reload();
    await settled(page);
    await showsPane(page);
    const texts = await page.evaluate<string[]>('globalThis.seenTexts');
    const said = [...new Set(texts.flatMap((text) => FIRST_TEXTS.find((one) => text.includes(one)) ?? []))];
    // The server may be there before the pane is.
    assert.deepEqual(said, said.length > 1 ? [STARTING, WELCOME] : [WELCOME]);
    await page.close();
  });

  it('whoever went to the files finds the files again', async () => {
    const { page } = browser;
    await openView(page, 'Explorer');
    await showsFiles(page);
    await page.waitForTimeout(WRITTEN_DOWN_MS);
    await page.reload();
    await settled(page);
    await showsFiles(page);
  });

  it('another folder opens as it always did', async () => {
    const other = `${editor.workspace}-other`;
    mkdirSync(other);
    const page = await browser.page.context().newPage();
    await open(
      page,
      (editor.address ?? '').replace(encodeURIComponent(editor.workspace), encodeURIComponent(other)),
    );
    await settled(page);
    assert.doesNotMatch(await viewText(page), /Every command that a connected agent runs/);
    await page.close();
  });
});
