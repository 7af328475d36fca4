/**
 * Values for the members of params: for each kind of member good ones, and those that must be refused or
 * borne. Whatever names a file stays inside the scratch folder, and only harmless programs are named.
 */
import { pathToFileURL } from 'node:url';
import { PATH } from '../session.js';
import type { Random } from './random.js';

/** What the frames of one run may touch. */
export interface Scratch {
  readonly dir: string;
  /** Of a web server of ours. */
  readonly webUrl: string;
}

export type Kind = (random: Random, scratch: Scratch) => unknown;

/** Text that stands in JSON as it is, without quotes. */
export const verbatim = (json: string): string => `@verbatim:${json}@`;

/** As JSON.stringify, with the above. */
export function toJson(value: unknown): string {
  const unquote = (text: string): string => (JSON.parse(text) as string).slice('@verbatim:'.length, -1);
  return JSON.stringify(value).replace(/"@verbatim:.*?@"/g, unquote);
}

/** Of a wrong type or size for nearly everything; none of them names a file or a program. */
export const WRONG: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  '',
  'x',
  '\0',
  '../..',
  '%',
  'é€😀',
  'x'.repeat(5000),
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  { length: 3 },
  { __proto: null, constructor: 'x', toString: 1 },
  verbatim('1e400'),
  verbatim('-1e400'),
  verbatim('-0'),
  verbatim('9007199254740993'),
  verbatim('18446744073709551616'),
  verbatim('0.1e-400'),
  verbatim('{"__proto__":{"polluted":1}}'),
  verbatim(`${'['.repeat(100)}${']'.repeat(100)}`),
];

const IDS = Array.from({ length: 12 }, (_, index) => `p${String(index)}`);
const NAMES = ['a', 'b', 'a/b', 'a/b/c', 'dir', 'dir/x', 'link', 'fifo', '.hidden', 'ä ö', 'no/such'];

const oneOf =
  (...list: readonly unknown[]): Kind =>
  (random) =>
    random.pick(list);

/** A path inside the scratch folder that cannot lead out of it. */
const inside = (random: Random, { dir }: Scratch): string => `${dir}/${random.pick(NAMES)}`;

const path: Kind = (random, scratch) => {
  const text = pathToFileURL(inside(random, scratch)).href;
  if (random.chance(0.85)) return text;
  return random.pick([
    `${text}%00`,
    `${text}%FF`,
    `${text}?q`,
    `${text}#f`,
    `${text}/${'n'.repeat(300)}`,
    `${text}/${'n/'.repeat(3000)}`,
    text.replace('file://', 'file://elsewhere'),
    text.replace('file:', 'http:'),
    fileName(text),
    inside(random, scratch),
  ]);
};
const fileName = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

const nativeCwd: Kind = (random, scratch) =>
  random.chance(0.8) ? scratch.dir : random.pick([inside(random, scratch), 'x', '', '~', '/no/such', '/\0']);

const uriCwd: Kind = (random, scratch) =>
  random.chance(0.8) ? pathToFileURL(scratch.dir).href : path(random, scratch);

const bytes: Kind = (random) => {
  if (random.chance(0.1)) return random.pick(['!', 'eA', 'eA=', 'eA==\n', '_-_-', 'eB==', '====']);
  return random.bytes(random.below(200)).toString('base64');
};

const argv = oneOf(
  ['/bin/true'],
  ['true'],
  ['/bin/false'],
  ['/bin/echo', 'hello', ''],
  ['/bin/cat'],
  ['/bin/cat'],
  ['/bin/sleep', '20'],
  ['/bin/sh', '-c', 'echo out; echo err >&2; exit 7'],
  ['/bin/sh', '-c', 'cat; echo end'],
  ['/bin/sh', '-c', 'trap "" INT TERM; echo ready; sleep 20 & wait'],
  ['/bin/sh', '-c', 'head -c 300000 /dev/zero'],
  ['/no/such/program'],
  ['no-such-program'],
  ['/'],
  ['/bin/echo', 'nul\0'],
  [''],
  [],
);

const env: Kind = (random) =>
  random.pick([
    { PATH },
    { PATH, TERM: 'dumb' },
    {},
    { 'A=B': 'x' },
    { '': 'x' },
    { A: '\0' },
    { PATH: null },
  ]);

const sizes = { rows: oneOf(1, 24, 65_535, 0, 65_536), cols: oneOf(1, 80, 65_535, 0) };

const URLS = [
  '/',
  '/empty',
  '/large',
  '/slow',
  '/cut',
  '/lies',
  '/again',
  '/redirect',
  '/missing',
  '/garbage',
];
const url: Kind = (random, { webUrl }) =>
  random.chance(0.85)
    ? webUrl + random.pick(URLS)
    : random.pick([
        'http://',
        'ftp://127.0.0.1/',
        '/x',
        'http://127.0.0.1:1/',
        'http://[::1',
        'http://127.0.0.1:99999/',
      ]);

export const kinds = {
  path,
  uriCwd,
  nativeCwd,
  bytes,
  argv,
  env,
  url,
  id: oneOf(...IDS),
  session: oneOf('session-1', 'session-2', 'session-3', 'session-9', 'x'),
  text: oneOf('x', '', 'y', 'long '.repeat(50)),
  flag: oneOf(true, false),
  sparse: oneOf(true, false, false, false),
  count: oneOf(0, 1, 2, 3, 10, 100, 1000),
  block: oneOf(0, 1, 10, 4096, 1_048_576, 1_048_577),
  waitMs: oneOf(0, 1, 20, 200, 3_600_000, verbatim('18446744073709551615')),
  timeoutMs: oneOf(0, 1, 50, 1000, 5000),
  watch: oneOf(0, 1, 2, 3),
  handle: oneOf('h1', 'h2', 'h3', '', 'h'.repeat(33)),
  openMode: oneOf('read', 'read', 'replace', 'append', null),
  signal: oneOf('interrupt', 'interrupt', 'kill'),
  stopMode: oneOf('force', { graceful: { timeoutMs: 10 } }, { graceful: {} }, null),
  httpMethod: oneOf('GET', 'POST', 'PUT', 'HEAD', 'get', 'A B', 'CONNECT', 'BREW'),
  headers: oneOf(
    [],
    [{ name: 'a', value: 'b' }],
    [{ name: 'a b', value: '' }],
    [{ name: 'x', value: 'a\nb' }],
    [{ name: 'content-length', value: '5' }],
  ),
  redirect: oneOf('follow', 'stop'),
  size: ((random, scratch) => ({
    rows: sizes.rows(random, scratch),
    cols: sizes.cols(random, scratch),
  })) as Kind,
  rows: sizes.rows,
  cols: sizes.cols,
  paths: ((random, scratch) => Array.from({ length: random.below(4) }, () => path(random, scratch))) as Kind,
  walkOptions: oneOf(
    { maxDepth: 3, maxDirectories: 10, maxEntries: 100, followDirectorySymlinks: true },
    { maxDepth: 64, maxDirectories: 10_000, maxEntries: 50_000, followDirectorySymlinks: false },
    { maxDepth: 0, maxDirectories: 0, maxEntries: 1, followDirectorySymlinks: false },
    { maxDepth: 65, maxDirectories: 1, maxEntries: 1, followDirectorySymlinks: false },
    {},
  ),
  envPolicy: oneOf(
    { inherit: 'all', ignoreDefaultExcludes: true, exclude: ['*'], set: {}, includeOnly: [] },
    {
      inherit: 'core',
      ignoreDefaultExcludes: false,
      exclude: ['[', '?*?'],
      set: { A: 'b' },
      includeOnly: ['A*'],
    },
    { inherit: 'some' },
  ),
  sandbox: oneOf(null, null, { permissions: { type: 'disabled' } }, { permissions: { type: 'managed' } }, 7),
} satisfies Record<string, Kind>;
