// What a test does with a modal dialog.

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @param {string} label of a button in a modal dialog */
export async function clickDialog(page, label) {
  await page.locator('.monaco-dialog-box').getByRole('button', { name: label }).click();
}

/** All that it says. @param {Page} page @returns {Promise<string>} */
export async function dialogText(page) {
  return page.locator('.monaco-dialog-box').innerText();
}
