// The terminal that is shown, the keyboard, and where it types to.

/** @typedef {import('playwright-core').Page} Page */

/** @param {Page} page @returns {Promise<string>} the whole buffer of the terminal that is shown; '' if there is none */
export async function terminalText(page) {
  // The workbench's own test driver reads the buffer, whatever it is drawn with.
  const lines = await page.evaluate(`
    document.querySelector('.terminal-wrapper.active') && globalThis.driver?.getTerminalBuffer('.terminal-wrapper.active')
  `);
  return Array.isArray(lines) ? lines.join('\n').trimEnd() : '';
}

/** @param {Page} page @param {string} text @param {{ enter?: boolean }} [options] */
export async function typeInTerminal(page, text, { enter = true } = {}) {
  await page.locator('.terminal-wrapper.active .xterm-screen').click();
  await page.keyboard.type(text);
  if (enter) await page.keyboard.press('Enter');
}

/** @param {Page} page @param {string} key e.g. "Control+c" */
export async function pressKey(page, key) {
  await page.keyboard.press(key);
}

/** @param {Page} page @returns {Promise<{ tag: string, label: string, part: string, terminal: boolean }>} what has the focus */
export async function activeElement(page) {
  return /** @type {any} */ (
    await page.evaluate(`(() => {
      const element = document.activeElement;
      return {
        tag: element?.tagName.toLowerCase() ?? '',
        label: element?.getAttribute('aria-label') ?? '',
        part: element?.closest('.part')?.id ?? '',
        terminal: Boolean(element?.closest('.terminal-wrapper')),
      };
    })()`)
  );
}

/** @param {Page} page @returns {Promise<string[]>} titles of the terminals, from the tab list or the panel's title */
export async function terminalTabs(page) {
  const list = page.locator('.terminal-tabs-entry:visible, .single-terminal-tab:visible');
  return (await list.allInnerTexts()).map((text) => text.trim());
}
