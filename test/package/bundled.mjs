// What is in a bundle, by another witness than the one that wrote the notices: the bundle's own source map.
import fs from 'node:fs';
import path from 'node:path';
import { GIVEN } from '../../scripts/lib/notices.mjs';
import { ROOT } from '../../scripts/lib/prepare.mjs';

/** @param {string[]} bundles @returns {string[]} the folders of the packages, below the project's */
export function bundledBySourceMaps(bundles) {
  const folders = new Set();
  for (const bundle of bundles) {
    const { sources } = JSON.parse(fs.readFileSync(path.join(ROOT, `${bundle}.map`), 'utf8'));
    for (const source of sources) {
      const folder = /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
      // The map of a package may name what that was bundled from itself: its licence covers that.
      if (folder && fs.existsSync(path.join(ROOT, folder))) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** @param {string} folder @returns {string} the text of its licence */
export function licenceOf(folder) {
  const file = fs.readdirSync(path.join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
  const at = file ? path.join(folder, file) : GIVEN[folder];
  if (!at) throw new Error(`${folder} has no licence`);
  return fs.readFileSync(path.join(ROOT, at), 'utf8').trim();
}
