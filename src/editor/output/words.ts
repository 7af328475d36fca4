import { l10n } from 'vscode';
import { formatBytes } from '../text/amounts';

/** Where a document about output is not the output. */
export const documentNote = {
  gone: (): string => l10n.t('This command is no longer listed, so its output is gone.'),
  /** At its beginning; `isLong` when a file could have it all. */
  missing: (bytes: number, isLong: boolean): string =>
    `${
      isLong
        ? l10n.t('… {0} before this are not shown; Save Output As has them.', formatBytes(bytes))
        : l10n.t('… {0} before this were dropped.', formatBytes(bytes))
    }\n`,
};
