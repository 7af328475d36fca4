import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import table from '../natives.json';
import { AttachError } from './attachError';
import { platformOf, type Machine } from '../words';

/** A file by its name in the payload, with `/`. */
export type PayloadFile = readonly [name: string, content: Buffer];

/** By the editors' name of each platform, the folders of node-pty's and of koffi's binaries for it. */
const FOLDERS: Readonly<Record<string, { readonly pty?: string; readonly koffi?: string }>> = table;

/**
 * The packages with native code, with that machine's binaries alone.
 *
 * @param from a file beside whose packages these are
 * @throws AttachError where there are none for it, or where this installation has them for other platforms only
 */
export function nativeFiles(machine: Machine, from: string): PayloadFile[] {
  const name = platformOf(machine);
  const folders = FOLDERS[name];
  if (!folders || machine.platform === 'win32')
    throw new AttachError(
      `that machine is ${name}, for which there is no exec-server to send. There is one for ${SENDABLE}`,
    );
  const files: PayloadFile[] = [];
  const take = (root: string, ...names: string[]): void => {
    for (const each of names) files.push([`node_modules/${each}`, readFileSync(join(root, each))]);
  };
  const { pty, koffi } = folders;
  if (koffi !== undefined) {
    const binary = `koffi/build/koffi/${koffi}/koffi.node`;
    const root = rootOf('koffi', binary, name, from);
    take(root, 'koffi/package.json', 'koffi/LICENSE.txt', 'koffi/index.js', binary);
  }
  if (pty !== undefined) {
    const folder = `node-pty/prebuilds/${pty}`;
    const root = rootOf('node-pty', folder, name, from);
    take(root, 'node-pty/package.json', 'node-pty/LICENSE', 'node-pty/lib/utils.js');
    take(root, ...readdirSync(join(root, folder)).map((file) => `${folder}/${file}`));
  }
  return files;
}

const SENDABLE = Object.keys(FOLDERS)
  .filter((name) => !name.startsWith('win32'))
  .join(', ');

/** The `node_modules` in which the package is. */
function rootOf(pack: string, wanted: string, platform: string, from: string): string {
  try {
    const root = dirname(dirname(createRequire(from).resolve(`${pack}/package.json`)));
    if (existsSync(join(root, wanted))) return root;
  } catch {
    // It is not there at all.
  }
  throw new AttachError(
    `that machine is ${platform}, and this installation of Exec Server has ${pack}'s binaries for other platforms only. ` +
      'Install the package for all platforms here',
  );
}
