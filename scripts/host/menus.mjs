// What a test does with the menu of a row.

/** @typedef {import('playwright-core').Page} Page */

/** Chooses in the menu that the right button of the mouse brings up. @param {Page} page @param {string} text the row's @param {string} label the entry's */
export async function chooseInMenu(page, text, label) {
  const row = page
    .locator('.part.sidebar .monaco-list-row[role="treeitem"]')
    .filter({ hasText: text })
    .first();
  await row.locator('.monaco-icon-label').first().click({ button: 'right' });
  const entry = page.getByRole('menuitem', { name: label, exact: true });
  // The menu takes no click in the moment in which it comes up, lest the one that brought it up be taken for one.
  await entry.hover();
  await page.keyboard.press('Enter');
  await entry.waitFor({ state: 'detached' });
}
