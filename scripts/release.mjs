#!/usr/bin/env node
// Usage: node scripts/release.mjs VERSION [--dry-run [--only PLATFORM,…]]
//
// Makes a release: checks, the version in package.json and package-lock.json, its section in CHANGELOG.md, all tests, a
// VSIX for each platform and one for all, the library's package, their checksums, a commit and a tag. Publishes nothing:
// what is left to do is printed at the end. --dry-run does all of it but the tests in a clone that goes away.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { release } from './lib/changelog.mjs';
import { ensureDependencies, must, ROOT } from './lib/prepare.mjs';
import { hasRealRepository, packVsix, TARGETS } from './lib/vsix.mjs';

const OUT = path.join(ROOT, 'out/release');
/** A clone is told by this that it is one. */
const REHEARSAL = 'EXEC_SERVER_RELEASE_REHEARSAL';
const isRehearsal = process.env[REHEARSAL] === '1';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false }, only: { type: 'string' } },
});
const [version = ''] = positionals;
const isReal = !isRehearsal && !values['dry-run'];
const targets = values.only?.split(',') ?? Object.keys(TARGETS);

const git = (/** @type {string[]} */ ...args) =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
const read = (/** @type {string} */ name) => fs.readFileSync(path.join(ROOT, name), 'utf8');
const numbers = (/** @type {string} */ text) => text.split('.').map(Number);

/** What would make the release a bad one, in sentences. */
function obstacles() {
  const manifest = JSON.parse(read('package.json'));
  const { version: current } = manifest;
  const found = [];
  if (positionals.length !== 1 || !/^\d+\.\d+\.\d+$/.test(version))
    return ['name one version, as 1.2.3: VS Code knows no other form'];
  const [a, b] = [numbers(version), numbers(current)];
  const at = a.findIndex((number, index) => number !== b[index]);
  if (at >= 0 && a[at] < b[at]) found.push(`${version} is older than ${current}`);
  if (git('tag', '--list', `v${version}`) !== '') found.push(`there is a tag v${version}`);
  if (git('status', '--porcelain') !== '') found.push('the working tree has changes that are not committed');
  if (values.only !== undefined && isReal) found.push('a release has all platforms: --only is for --dry-run');
  if (isReal && !hasRealRepository(manifest))
    found.push('package.json names no real repository yet: see CONTRIBUTING.md');
  return found;
}

/** The same files under other names: the packager and npm follow no links of folders. */
function lend(/** @type {string} */ from, /** @type {string} */ to) {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory() && entry.name !== '.cache') lend(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else if (entry.isFile()) fs.linkSync(source, target);
  }
}

/** Does the same in a clone with this folder's packages, and says so. */
async function rehearse() {
  // On the same file system as the packages.
  const clone = path.join(ROOT, 'out/rehearsal');
  fs.rmSync(clone, { recursive: true, force: true });
  try {
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    lend(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'));
    const args = ['scripts/release.mjs', version, ...(values.only ? ['--only', values.only] : [])];
    await must(process.execPath, args, { cwd: clone, env: { ...process.env, [REHEARSAL]: '1' } });
    console.log('That was a rehearsal: nothing of it is left.');
  } finally {
    fs.rmSync(clone, { recursive: true, force: true });
  }
}

/** Everything that is handed out, in out/release/. */
async function pack() {
  fs.rmSync(OUT, { recursive: true, force: true });
  fs.mkdirSync(OUT, { recursive: true });
  await must(process.execPath, ['scripts/build.mjs', '--library']);
  const name = `exec-server-${version}`;
  for (const target of targets) await packVsix(path.join(OUT, `${name}-${target}.vsix`), target);
  await packVsix(path.join(OUT, `${name}.vsix`));
  await must('npm', ['pack', '--pack-destination', OUT]);
  const sums = fs
    .readdirSync(OUT)
    .sort()
    .map((file) => {
      const sum = createHash('sha256')
        .update(fs.readFileSync(path.join(OUT, file)))
        .digest('hex');
      return `${sum}  ${file}\n`;
    });
  fs.writeFileSync(path.join(OUT, 'SHA256SUMS'), sums.join(''));
}

async function make() {
  const found = obstacles();
  if (found.length > 0) throw new Error(`no release: ${found.join('; ')}`);
  if (values['dry-run']) return rehearse();
  await ensureDependencies();
  const date = new Date().toISOString().slice(0, 10);
  const { text, notes } = release(read('CHANGELOG.md'), version, date);
  if (!isRehearsal) await must(process.execPath, ['scripts/test.mjs']);

  fs.writeFileSync(path.join(ROOT, 'CHANGELOG.md'), text);
  await must('npm', ['version', version, '--no-git-tag-version', '--allow-same-version']);
  await pack();
  git('add', 'CHANGELOG.md', 'package.json', 'package-lock.json');
  git('commit', '--quiet', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--cleanup=verbatim', '--message', `${version}\n\n${notes}\n`);

  console.log(`\nout/release/ has:\n${fs.readFileSync(path.join(OUT, 'SHA256SUMS'), 'utf8')}`);
  console.log(`The commit has the tag ${git('describe', '--tags', '--exact-match')}. To publish:`);
  console.log('  git push --follow-tags');
  console.log('  npx vsce publish --packagePath out/release/*.vsix');
  console.log('  npm publish out/release/*.tgz');
}

try {
  await make();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
