import { START_MS } from '../../scripts/host/patience.mjs';
import { openView, treeRows } from '../../scripts/host/workbench.mjs';
import { eventually } from '../editor/host/driver';
import type { Browser } from './openWindow';

/** Resolves when a row with all these parts is shown, also while the window is reloaded. */
export function untilRow({ page }: Browser, ...parts: string[]): Promise<true> {
  return eventually(
    async () => {
      const rows = await treeRows(page);
      // A click while the workbench restores the view, or shows it by itself, hides it.
      if (rows.length === 0) await openView(page, 'Exec Server');
      return rows.some(({ text }) => parts.every((part) => text.includes(part))) || undefined;
    },
    `a row with ${parts.join(', ')}`,
    START_MS,
  );
}
