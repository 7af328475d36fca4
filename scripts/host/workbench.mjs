// What a person does in the workbench with mouse and keyboard. Things are found by role and label, not by position.
import { STEP_MS } from './patience.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** The workbench waits 500 ms before it shows one. */
const TOOLTIP_MS = 5000;
/** How long a command is waited for in the palette, and how often. */
const PALETTE_MS = 3000;
const PALETTE_LOOKS = 10;
/** How often a view is clicked until it is shown, and how long that is waited for. */
const VIEW_CLICKS = 5;
const VIEW_MS = 3000;

/** @param {Page} page @param {string} label as the palette shows it, e.g. "Exec Server: Kill All" */
export async function runCommand(page, label) {
  const input = page.locator('.quick-input-widget input.input');
  const entry = quickPick(page, label);
  for (let left = PALETTE_LOOKS; left > 0; left--) {
    // F1, because browsers keep Ctrl+Shift+P for themselves.
    await page.keyboard.press('F1');
    // Now and then a key is lost; and the palette does not show what becomes possible while it is open.
    const isThere = await input
      .fill(`>${label}`, { timeout: PALETTE_MS })
      .then(() => entry.waitFor({ timeout: PALETTE_MS }))
      .then(
        () => true,
        () => false,
      );
    if (isThere) break;
    await page.keyboard.press('Escape');
  }
  await entry.click();
  // Until then what is clicked next would be in the palette.
  await page.waitForFunction(`(() => {
    const widget = document.querySelector('.quick-input-widget');
    const input = widget?.querySelector('input.input');
    return !widget || widget.style.display === 'none' || !input?.value.startsWith('>');
  })()`);
}

/** @param {Page} page @param {string} label a part of the row's text */
export async function clickQuickPick(page, label) {
  await quickPick(page, label).click();
}

/** @param {Page} page @param {string} label a part of the row's text */
const quickPick = (page, label) =>
  page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();

/** @param {Page} page @returns {Promise<string[]>} the rows of the list that is open */
export async function quickPickRows(page) {
  const rows = page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  return texts(rows);
}

/** Shows a view container of the activity bar. @param {Page} page @param {string} title */
export async function openView(page, title) {
  const tab = page
    .locator('.part.activitybar')
    .getByRole('tab', { name: startingWith(title) })
    .first();
  await tab.waitFor();
  for (let left = VIEW_CLICKS; left > 0; left--) {
    if ((await tab.getAttribute('aria-selected')) === 'true') return;
    await tab.click();
    // A click on one that has shown itself meanwhile has hidden it, and is made good by the next one.
    const shown = tab.and(page.locator('[aria-selected="true"]'));
    await shown.waitFor({ timeout: VIEW_MS }).catch(() => {});
  }
}

/** @param {Page} page @param {string} title @returns {Promise<string>} the label with the badge, e.g. "Exec Server - 2 running" */
export async function viewBadge(page, title) {
  const tab = page
    .locator('.part.activitybar')
    .getByRole('tab', { name: startingWith(title) })
    .first();
  return (await tab.locator('.action-label').first().getAttribute('aria-label')) ?? '';
}

/** All text of the side bar or of one view in it, welcome text included. @param {Page} page @param {string} [title] */
export async function viewText(page, title) {
  return views(page, title).innerText();
}

/** The side bar, or one view in it. @param {Page} page @param {string} [title] */
const views = (page, title) => (title === undefined ? page.locator('.part.sidebar') : pane(page, title));

/** @param {Page} page @param {string} [title] */
const rows = (page, title) => views(page, title).locator('.monaco-list-row[role="treeitem"]');

/** @param {Page} page @param {string} title of a view within the side bar */
const pane = (page, title) =>
  page
    .locator('.part.sidebar .pane')
    .filter({
      has: page.getByRole('button', { name: startingWith(title) }).and(page.locator('.pane-header')),
    })
    .first();

/** Rows by a part of their text; "View > text" looks in one view only. @param {Page} page @param {string} text */
export function rowsWith(page, text) {
  const [title, rest] = text.split(' > ', 2);
  const all = rest === undefined ? rows(page) : rows(page, title);
  return all.filter({ hasText: rest ?? text });
}

/** The first of them. @param {Page} page @param {string} text */
const row = (page, text) => rowsWith(page, text).first();

/** Unfolds a view of the side bar. @param {Page} page @param {string} title */
export async function openPane(page, title) {
  const header = pane(page, title).locator('.pane-header').first();
  if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
}

/** Types into the box that asks. @param {Page} page @param {string} text */
export async function fillQuickInput(page, text) {
  const input = page.locator('.quick-input-widget:visible input.input');
  await input.fill(text);
  await page.keyboard.press('Enter');
}

/** Title, question and complaint of the box that asks, empty if none does. @param {Page} page @returns {Promise<string>} */
export async function quickInputText(page) {
  const texts = await page.locator('.quick-input-widget:visible').allInnerTexts();
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

/**
 * The rows that are drawn now, of all views of the side bar or of one.
 *
 * @param {Page} page
 * @param {string} [title]
 * @returns {Promise<{ text: string, label: string, level: number, expanded: string | null }[]>}
 */
export async function treeRows(page, title) {
  // All at once: a row that is drawn anew meanwhile would be waited for.
  return rows(page, title).evaluateAll((items) =>
    /** @type {any[]} */ (items).map((item) => ({
      text: item.innerText.replace(/\s+/g, ' ').trim(),
      label: item.getAttribute('aria-label') ?? '',
      level: Number(item.getAttribute('aria-level')),
      expanded: item.getAttribute('aria-expanded'),
    })),
  );
}

/** @param {Page} page @param {string} text */
export async function clickRow(page, text) {
  await row(page, text).locator('.monaco-icon-label').first().click();
}

/** @param {Page} page @param {string} text */
export async function doubleClickRow(page, text) {
  await row(page, text).locator('.monaco-icon-label').first().dblclick();
}

/** @param {Page} page @returns {Promise<string[]>} the text of each row that looks selected */
export async function selectedRows(page) {
  return texts(page.locator('.part.sidebar .monaco-list-row.selected[role="treeitem"]'));
}

/** What `rowTooltip` has brought up, if it is still there. @param {Page} page @returns {Promise<string>} */
export async function shownTooltip(page) {
  return (await texts(page.locator('.workbench-hover:visible'))).join(' ');
}

/** What the mouse over a row brings up. @param {Page} page @param {string} text @returns {Promise<string>} */
export async function rowTooltip(page, text) {
  return tooltipOf(page, row(page, text).locator('.monaco-icon-label').first());
}

/** What is drawn anew under the mouse brings up nothing, so it is tried again. @param {Page} page @param {import('playwright-core').Locator} target */
async function tooltipOf(page, target) {
  const tooltip = page.locator('.workbench-hover:visible').first();
  // The editor shows “Loading...” until the extension has answered.
  const told = tooltip.filter({ hasNotText: /^\s*Loading\.\.\.\s*$/ });
  for (const end = Date.now() + STEP_MS; ;) {
    // That of something else goes first. One whose row was drawn anew below it stays until there is another.
    await page.mouse.move(0, 0);
    await tooltip.waitFor({ state: 'hidden', timeout: TOOLTIP_MS }).catch(() => {});
    await target.hover();
    try {
      await told.waitFor({ timeout: TOOLTIP_MS });
      return (await tooltip.innerText()).replace(/\s+/g, ' ').trim();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** The colour of a row's label and the one that is for what is out of reach. @param {Page} page @param {string} text @returns {Promise<{ label: string, disabled: string }>} */
export function rowColors(page, text) {
  const label = row(page, text).locator('.label-name').first();
  return label.evaluate((/** @type {any} */ element) => {
    const view = element.ownerDocument.defaultView;
    const probe = element.ownerDocument.createElement('span');
    probe.style.color = 'var(--vscode-disabledForeground)';
    element.parentElement.append(probe);
    const [label, disabled] = [element, probe].map((one) => view.getComputedStyle(one).color);
    probe.remove();
    return { label, disabled };
  });
}

/** @param {Page} page @param {string} text @returns {Promise<string[]>} titles of the row's inline actions */
export async function inlineActions(page, text) {
  await row(page, text).hover();
  const buttons = row(page, text).getByRole('button');
  return buttons.evaluateAll((all) =>
    /** @type {any[]} */ (all).map((button) => button.getAttribute('aria-label') ?? ''),
  );
}

/** @param {Page} page @param {string} text the row's @param {string} title the action's */
export async function clickInline(page, text, title) {
  // Inline actions exist only under the mouse.
  await row(page, text).hover();
  await row(page, text)
    .getByRole('button', { name: startingWith(title) })
    .first()
    .click();
}

/** @param {Page} page @returns {Promise<string[]>} the text of each item */
export async function statusBarText(page) {
  return texts(page.locator('.part.statusbar .statusbar-item:visible'));
}

/** @param {Page} page @param {string} text a part of the item's text or tooltip */
export async function clickStatusBar(page, text) {
  const items = page.locator('.part.statusbar .statusbar-item:visible');
  const named = items
    .filter({ hasText: text })
    .or(page.locator(`.statusbar-item[aria-label*=${JSON.stringify(text)}]`));
  await named.first().locator('a').first().click();
}

/** A button in the title of a view. @param {Page} page @param {string} title the view's @param {string} label */
export async function clickViewAction(page, title, label) {
  // They are there under the mouse only.
  await pane(page, title).locator('.pane-header').first().hover();
  await pane(page, title).getByRole('button', { name: label, exact: true }).first().click();
}

/** @param {Page} page @param {string} label of a button in an editor */
export async function clickButton(page, label) {
  await page.locator('.part.editor').getByRole('button', { name: label, exact: true }).first().click();
}

/** All that the bell keeps; a workbench under a driver shows no toasts. @param {Page} page @returns {Promise<string[]>} */
export async function notifications(page) {
  const center = page.locator('.notifications-center');
  if (!(await center.isVisible())) await runCommand(page, 'Notifications: Show Notifications');
  await center.waitFor();
  return texts(center.locator('.notification-list-item'));
}

/** What the mouse over the tab of a terminal brings up. @param {Page} page @param {string} text a part of its name */
export async function tabTooltip(page, text) {
  return tooltipOf(page, page.locator('.terminal-tabs-entry').filter({ hasText: text }).first());
}

/** A button of what the bell keeps. @param {Page} page @param {string} label */
export async function clickNotification(page, label) {
  const item = page.locator('.notifications-center .notification-list-item');
  await item.getByRole('button', { name: label, exact: true }).first().click();
}

/** @param {import('playwright-core').Locator} items @returns {Promise<string[]>} without empty ones */
async function texts(items) {
  return (await items.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
}

/** @param {string} text */
const startingWith = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
