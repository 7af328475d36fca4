// The npm package for one platform: the one for all, with the native packages in it, cut down to that platform.
import fs from 'node:fs';
import path from 'node:path';
import { must, ROOT } from './prepare.mjs';
import { TARGETS } from './vsix.mjs';

/** What npm calls the C libraries of Linux, by the editors' names of platforms. @param {string} system */
const libcOf = (system) => (system === 'alpine' ? ['musl'] : system === 'linux' ? ['glibc'] : undefined);

/** @param {string} target one of TARGETS @param {string} folder has the package for all, and nothing else @param {string} to */
export async function packFor(target, folder, to) {
  if (!Object.hasOwn(TARGETS, target))
    throw new Error(`no platform ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
  const { pty, koffi } = TARGETS[target];
  const [whole = ''] = fs.readdirSync(folder);
  await must('tar', ['-xzf', path.join(folder, whole), '-C', folder]);
  const root = path.join(folder, 'package');
  const koffiFiles = koffi ? [`build/koffi/${koffi}/koffi.node`] : [];
  bundle(root, 'koffi', ['LICENSE.txt', 'index.js', ...koffiFiles]);
  bundle(root, 'node-pty', ['LICENSE', 'lib', ...(pty ? [`prebuilds/${pty}`] : [])]);
  const [system = '', cpu = ''] = target.split('-');
  const manifest = read(root, ['scripts', 'devDependencies', 'contributes']);
  const libc = libcOf(system);
  write(root, {
    ...manifest,
    bundleDependencies: ['koffi', 'node-pty'],
    os: [system === 'alpine' ? 'linux' : system],
    cpu: [cpu],
    ...(libc && { libc }),
  });
  await must('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, root]);
  const out = path.join(to, whole.replace('.tgz', `-${target}.tgz`));
  fs.copyFileSync(path.join(folder, whole), out);
  console.log(path.basename(out));
}

/** What would build the binaries is left out with the rest. */
function bundle(/** @type {string} */ root, /** @type {string} */ name, /** @type {string[]} */ files) {
  const to = path.join(root, 'node_modules', name);
  const from = path.join(ROOT, 'node_modules', name);
  for (const file of files) fs.cpSync(path.join(from, file), path.join(to, file), { recursive: true });
  write(to, read(from, ['scripts', 'dependencies']));
}

/** Without these members. @param {string} folder @param {readonly string[]} without */
function read(folder, without) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.entries(manifest).filter(([name]) => !without.includes(name)));
}
const write = (/** @type {string} */ folder, /** @type {object} */ manifest) =>
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
