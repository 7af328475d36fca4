/** Whether everything that points into docs/protocol points at a page and a heading that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, PAGES } from './pages';

const SOURCES = ['src', 'test', 'scripts'];
const SOURCE = /\.m?ts$|\.mjs$/;
const TEXTS = ['CONTRIBUTING.md', 'README.md', 'docs'];
const TEXT = /\.md$/;

/** In source: `docs/protocol/sessions.md#resume`, broken by nothing. */
const POINTER = /\bdocs\/protocol\/([\w-]+\.md)?(?:#([\w-]+))?/g;
/** A case of the wire suite, whose title begins with the page that it is about. */
const CASE = /\b(?:both|bothApp|bothUsers|ours|oursUsers)\(\s*['"`](?:([\w-]+): )?.*/g;
/** A link of Markdown to another file here. */
const LINK = /\]\((?!\w+:)([^)#\s]*)(?:#([\w-]+))?\)/g;

interface Pointer {
  readonly from: string;
  readonly as: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** A sentence for everything that points at nothing. */
export function pointerFaults(): string[] {
  const sources = files(SOURCES, SOURCE).flatMap((from) => sourcePointers(from, readFileSync(from, 'utf8')));
  const texts = files(TEXTS, TEXT).flatMap((from) => links(from, readFileSync(from, 'utf8')));
  return [...sources, ...texts].flatMap(faultOf);
}

/** Those of the folders, with all below them, and those that are named themselves. */
function files(places: readonly string[], wanted: RegExp): string[] {
  return places.flatMap((place) => {
    if (wanted.test(place)) return [place];
    const names = readdirSync(place, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => wanted.test(name)).map((name) => join(place, name));
  });
}

function sourcePointers(from: string, text: string): Pointer[] {
  const pointers = [...text.matchAll(POINTER)].map(([as, page = '', anchor]) => ({
    from,
    as,
    path: join(PAGES, page),
    anchor,
  }));
  if (!from.startsWith(join('test', 'wire'))) return pointers;
  const cases = [...text.matchAll(CASE)].map(([as, page = 'PAGE']) => ({
    from,
    as: as.replace(/\s+/g, ' '),
    path: join(PAGES, `${page}.md`),
    anchor: undefined,
  }));
  return [...pointers, ...cases];
}

function links(from: string, text: string): Pointer[] {
  const prose = text.replace(/^```.*?^```/gms, '');
  return [...prose.matchAll(LINK)].map(([as, to = '', anchor]) => ({
    from,
    as,
    path: to === '' ? from : normalize(join(dirname(from), to)),
    anchor,
  }));
}

const known = new Map<string, Set<string> | undefined>();

/** Undefined for what is not there; none for what is no page. */
function anchorsIn(path: string): Set<string> | undefined {
  if (!known.has(path)) known.set(path, readAnchors(path));
  return known.get(path);
}

function readAnchors(path: string): Set<string> | undefined {
  try {
    return path.endsWith('.md') ? anchorsOf(readFileSync(path, 'utf8')) : new Set();
  } catch {
    return undefined;
  }
}

function faultOf({ from, as, path, anchor }: Pointer): string[] {
  const anchors = anchorsIn(path);
  if (!anchors) return [`${from}: "${as}" names ${path}, which is not there`];
  if (anchor === undefined || anchors.has(anchor)) return [];
  return [`${from}: "${as}" names the heading #${anchor}, which ${path} does not have`];
}
