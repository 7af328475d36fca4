// One VSIX for every platform, or one for each with that platform's binaries alone.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pageOf } from './page.mjs';
import { must, ROOT } from './prepare.mjs';

/**
 * VS Code's name of each platform → the binaries that it needs, by the folders of node-pty and of koffi. Of musl terminals
 * are opened by koffi's functions alone.
 * @type {Record<string, { pty?: string, koffi?: string }>}
 */
export const TARGETS = JSON.parse(fs.readFileSync(path.join(ROOT, 'src/attach/natives.json'), 'utf8'));

/**
 * .vscodeignore for one platform: its lines that let binaries in name this platform's only.
 * @param {string} text @param {string} target @returns {string}
 */
export function ignoreFor(text, target) {
  const { pty, koffi } = TARGETS[target];
  const narrow = (/** @type {string} */ line) => {
    if (line.startsWith('!node_modules/node-pty/prebuilds/')) return pty && line.replace('/*/', `/${pty}/`);
    if (line.startsWith('!node_modules/koffi/build/'))
      return koffi && line.replace('{linux,musl}_{x64,arm64}', koffi);
    // Where koffi has no binary to load, its code is of no use.
    return line.startsWith('!node_modules/koffi/') ? koffi && line : line;
  };
  return text
    .split('\n')
    .map(narrow)
    .filter((line) => line !== undefined)
    .join('\n');
}

/** Until somebody publishes it has a placeholder. @param {{ repository: { url: string } }} manifest @returns {boolean} */
export const hasRealRepository = ({ repository }) => !/example\.invalid/.test(repository.url);

/** Packs what has been built. @param {string} out the VSIX @param {string} [target] one of TARGETS; all if absent */
export async function packVsix(out, target) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-server-vsix-'));
  // The packer takes it from below the root only.
  const page = `out/page-${process.pid}.md`;
  try {
    const [readme, manifest] = ['README.md', 'package.json'].map((file) =>
      fs.readFileSync(path.join(ROOT, file), 'utf8'),
    );
    const hasRepository = hasRealRepository(JSON.parse(manifest));
    fs.mkdirSync(path.join(ROOT, 'out'), { recursive: true });
    fs.writeFileSync(path.join(ROOT, page), pageOf(readme, hasRepository));
    const args = ['package', '--readme-path', page, '--out', path.resolve(out)];
    if (!hasRepository) args.push('--no-rewrite-relative-links');
    if (target !== undefined) {
      if (!Object.hasOwn(TARGETS, target))
        throw new Error(`no platform ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
      const ignore = path.join(folder, 'ignore');
      const all = fs.readFileSync(path.join(ROOT, '.vscodeignore'), 'utf8');
      fs.writeFileSync(ignore, ignoreFor(all, target));
      args.push('--target', target, '--ignoreFile', ignore);
    }
    await must(process.execPath, ['node_modules/@vscode/vsce/vsce', ...args]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(path.join(ROOT, page), { force: true });
  }
}
