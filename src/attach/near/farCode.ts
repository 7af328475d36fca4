import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The far half, below the package's folder. */
const FAR_BUNDLE = 'dist/far.js';

/** Its text. */
export function farCode(root: string): string {
  return readFileSync(join(root, FAR_BUNDLE), 'utf8');
}
