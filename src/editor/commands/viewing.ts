import * as vscode from 'vscode';
import { pickOne } from '../show/choices';
import { openSearchBox } from '../show/searchBox';
import type { ViewOptions } from '../tree/viewOptions';

/** Filters while it is typed; Escape brings back what was shown before. */
export function askFilter(options: ViewOptions): void {
  openSearchBox({
    title: vscode.l10n.t('Filter Processes'),
    placeholder: vscode.l10n.t('Words of the command, its folder, its agent or its environment'),
    value: options.filter.text,
    changed: (text) => options.set({ text }),
  });
}

/** Asks for what the rows are to be grouped by. */
export async function askGrouping(options: ViewOptions): Promise<void> {
  const { l10n } = vscode;
  const choices = [
    { label: l10n.t('Agent'), value: 'agent' },
    { label: l10n.t('Machine'), value: 'machine' },
    { label: l10n.t('Folder'), value: 'folder' },
    { label: l10n.t('One list'), value: 'none' },
  ] as const;
  const picked = await pickOne(choices, { title: l10n.t('Group Processes By') });
  if (picked) options.set({ grouping: picked });
}
