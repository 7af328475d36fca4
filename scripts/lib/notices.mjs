// The licence texts of what is bundled, as their licences ask for.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './prepare.mjs';

/** Lies beside the bundles, in both packages. */
export const NOTICES = 'dist/THIRD_PARTY_NOTICES.txt';

/** Of packages that carry no text of their licence, although their sources do. @type {Record<string, string>} */
export const GIVEN = { 'node_modules/@xterm/headless': 'scripts/lib/licences/xterm-headless.txt' };

/** @typedef {{ name: string, version: string, license: string, text: string }} Notice */

/**
 * The packages of which at least one byte is in a bundle.
 * @param {import('esbuild').Metafile[]} metafiles
 * @returns {string[]} their folders below the project's, in order
 */
export function bundledPackages(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles)
    for (const { inputs } of Object.values(outputs))
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
        if (folder && bytesInOutput > 0) folders.add(folder);
      }
  return [...folders].sort();
}

/** Throws when a package has no text of its licence. @param {string} folder @returns {Notice} */
export function noticeOf(folder) {
  const at = path.join(ROOT, folder);
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8'));
  const own = fs.readdirSync(at).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  const file = own ? path.join(at, own) : GIVEN[folder] && path.join(ROOT, GIVEN[folder]);
  if (!file) throw new Error(`${folder} is bundled, and has no licence text that could be shipped`);
  return { name, version, license, text: fs.readFileSync(file, 'utf8').trim() };
}

/** @param {import('esbuild').Metafile[]} metafiles */
export function writeNotices(metafiles) {
  const parts = bundledPackages(metafiles)
    .map(noticeOf)
    .map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
  const head = 'The files beside this one contain parts of the following packages.\n';
  fs.writeFileSync(path.join(ROOT, NOTICES), [head, ...parts].join(`\n${'-'.repeat(78)}\n\n`));
}
