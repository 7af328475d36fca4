/** The pages of docs/protocol, and what can be pointed at in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where they are, from the root of the repository. */
export const PAGES = 'docs/protocol';

export interface Page {
  /** Without its folder and `.md`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** All pages, sorted by name. */
export function readPages(): Page[] {
  return readdirSync(PAGES)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => {
      const path = join(PAGES, file);
      return { name: file.slice(0, -'.md'.length), path, text: readFileSync(path, 'utf8') };
    });
}

/** The anchors of a Markdown text's headings, as GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/^```.*?^```/gms, '');
  return new Set([...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

/** The anchor of one heading: `` `fs/open` `` has `fsopen`. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
