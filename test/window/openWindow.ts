import { openPage } from '../../scripts/host/browser.mjs';
import { launch } from '../../scripts/host/launch.mjs';
import { ROOT } from '../../scripts/lib/prepare.mjs';

type Settings = NonNullable<Parameters<typeof launch>[0]['settings']>;

/** A workbench with the extension. */
export type Editor = Awaited<ReturnType<typeof launch>>;
/** A browser with one page. */
export type Browser = Awaited<ReturnType<typeof openPage>>;

/**
 * Starts both, and opens the workbench's window in the page. `editor.stop(browser.close)` ends them.
 *
 * @param restricted its folder is trusted only after somebody said so
 */
export async function openWindow(
  settings: Settings = {},
  restricted = false,
): Promise<{ editor: Editor; browser: Browser }> {
  const editor = await launch({ extension: ROOT, desktop: false, settings, restricted });
  const browser = await openPage();
  await browser.page.goto(editor.address ?? '');
  return { editor, browser };
}
