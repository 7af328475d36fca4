import { copyableCommand } from '../text/commandLabel';
import type { Entry } from './entries';
import { readUrl } from './url';

/** Where an environment is: its URL, without a token even if the settings have one in it, or its command line. */
export function addressOf(entry: Entry): string {
  if (!('url' in entry)) return copyableCommand([entry.program, ...(entry.args ?? [])]);
  const typed = readUrl(entry.url);
  return typed.ok ? typed.url : '';
}
