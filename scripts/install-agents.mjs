/**
 * Installs pinned versions of real, unchanged agents into the cache, and tells where their programs are. Their own
 * scripts are run by hand: npm runs none.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cached } from './host/cache.mjs';

const run = promisify(execFile);
const INSTALL_MS = 600_000;

/** @type {Record<string, { pkg: string, version: string, bin: string, after?: string }>} */
const AGENTS = {
  claude: { pkg: '@anthropic-ai/claude-code', version: '2.1.332', bin: 'claude', after: 'install.cjs' },
  gemini: { pkg: '@google/gemini-cli', version: '0.61.0', bin: 'gemini' },
  opencode: { pkg: 'opencode-ai', version: '1.18.33', bin: 'opencode', after: 'postinstall.mjs' },
};

/**
 * The agent's program; installed if it is not there yet. Rejects when it cannot be fetched.
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function ensureAgent(name) {
  const agent = AGENTS[name];
  if (!agent) throw new Error(`no agent ${name}`);
  const { pkg, version, bin, after } = agent;
  const folder = await cached(`agent-${name}-${version}`, async (draft) => {
    await writeFile(path.join(draft, 'package.json'), '{ "name": "agent-cache", "private": true }\n');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    await run('npm', [...args, '--include=optional', `${pkg}@${version}`], {
      cwd: draft,
      timeout: INSTALL_MS,
    });
    if (after) await run(process.execPath, [after], { cwd: path.join(draft, 'node_modules', pkg) });
  });
  const program = path.join(folder, 'node_modules', '.bin', bin);
  if (!existsSync(program)) throw new Error(`${pkg}@${version} has no program ${bin}`);
  return program;
}
