// The mouse on rows that move: what is above them comes and goes while a person aims.
import { STEP_MS } from './patience.mjs';
import { sleep } from './run.mjs';
import { rowsWith } from './workbench.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** How long a person holds the button of a mouse down. */
const PRESS_MS = 80;
/** When a press that shows nothing is taken for lost; far longer than the pause within a double click. */
const LOST_MS = 5000;

/** A click as a person makes it, who looks what is under the mouse. @param {Page} page @param {string} text @param {string} [key] held meanwhile */
export async function pressRow(page, text, key) {
  const end = Date.now() + STEP_MS;
  while (!(await aim(page, rowsWith(page, text))))
    if (Date.now() > end) throw new Error(`the mouse finds no row with ${text}`);
  if (key) await page.keyboard.down(key);
  await press(page);
  if (key) await page.keyboard.up(key);
}

/**
 * Presses the rows with this text until each shows what is below it, or none is there any more.
 * @param {Page} page @param {string} text @param {boolean} [comes] whether one is waited for that is not there yet
 */
export async function unfoldRow(page, text, comes = true) {
  const folded = rowsWith(page, text).and(page.locator('[aria-expanded="false"]'));
  const unfolded = rowsWith(page, text).and(page.locator('[aria-expanded="true"]'));
  for (const end = Date.now() + STEP_MS; Date.now() < end;) {
    const left = await folded.count();
    if (!left && (!comes || (await unfolded.count()))) return;
    if (!left) {
      await sleep(50);
      continue;
    }
    comes = false;
    // It may have been unfolded meanwhile.
    if (!(await aim(page, folded))) continue;
    await press(page);
    const lost = Date.now() + LOST_MS;
    while ((await folded.count()) === left && Date.now() < lost) await sleep(50);
  }
  throw new Error(`no row with ${text} is unfolded`);
}

/** @param {Page} page */
async function press(page) {
  await page.mouse.down();
  await page.waitForTimeout(PRESS_MS);
  await page.mouse.up();
}

/** Moves the mouse onto the first of these rows; false if it is not there, or not any more. @param {Page} page @param {Locator} rows */
async function aim(page, rows) {
  const label = rows.first().locator('.monaco-icon-label').first();
  // A tooltip of another row may lie over this one; it stays if that row was drawn anew below it.
  await page.mouse.move(0, 0);
  const tooltip = page.locator('.workbench-hover:visible').first();
  await tooltip.waitFor({ state: 'hidden', timeout: LOST_MS }).catch(() => {});
  const box = await label.boundingBox({ timeout: LOST_MS }).catch(() => null);
  if (!box) return false;
  const point = { x: box.x + 20, y: box.y + box.height / 2 };
  await page.mouse.move(point.x, point.y);
  return label
    .evaluate(
      (/** @type {any} */ element, { x, y }) =>
        element.contains(element.ownerDocument.elementFromPoint(x, y)),
      point,
      { timeout: LOST_MS },
    )
    .catch(() => false);
}
