// What is more than text where the workbench is to show text only.

/** @typedef {import('playwright-core').Page} Page */

/** What is more than text in a part of the workbench: links, pictures, icons and the like. */
const LIVE = ':is(a:not(.label-name), img, strong, em, del, code, h1, h2, li, .codicon)';

/** The same of what the bell keeps. @param {Page} page @returns {Promise<string[]>} */
export async function liveInNotifications(page) {
  return live(page.locator('.notifications-center .notification-list-item-message'));
}

/** Of the rows of the list that is open. @param {Page} page @returns {Promise<string[]>} */
export async function liveInQuickPick(page) {
  return live(page.locator('.quick-input-list .monaco-list-row .monaco-icon-label'));
}

/** Of the box that asks: its question and its complaint. @param {Page} page @returns {Promise<string[]>} */
export async function liveInQuestion(page) {
  return live(page.locator('.quick-input-widget:visible .quick-input-message'));
}

/** Of the rows of the side bar, without the icon before each. @param {Page} page @returns {Promise<string[]>} */
export async function liveInRows(page) {
  return live(page.locator('.part.sidebar .monaco-list-row .monaco-icon-label-container'));
}

/** Of the tooltip that is shown, without the buttons below it. @param {Page} page @returns {Promise<string[]>} */
export async function liveInTooltip(page) {
  return live(page.locator('.workbench-hover:visible .hover-contents'));
}

/** @param {import('playwright-core').Locator} parts @returns {Promise<string[]>} name and text of each */
const live = (parts) =>
  parts
    .locator(LIVE)
    .evaluateAll((found) =>
      /** @type {any[]} */ (found).map(
        (element) => `${element.localName} ${element.className} ${element.innerText}`,
      ),
    );
