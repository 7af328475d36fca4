import { withoutQuery, type Entry } from '../../hub';
import { copyableCommand } from '../text/commandLabel';

/** Where an environment is: its URL without anything that may be a secret, or its command line. */
export function addressOf(entry: Entry): string {
  return 'url' in entry ? withoutQuery(entry.url) : copyableCommand([entry.program, ...(entry.args ?? [])]);
}
