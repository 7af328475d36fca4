// The command line of the test runners.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SUITE_MS } from './patience.mjs';

/**
 * @typedef {object} TestOptions
 * @property {string} [extension] folder of the extension; not needed with `vsix`
 * @property {string} [beside] folder of another one that is to be there too
 * @property {string} tests bundle that exports run(): Promise<void>
 * @property {string} [workspace] folder to open; an own small one if absent
 * @property {Record<string, unknown>} [settings]
 * @property {NodeJS.ProcessEnv} [env] for the extension host
 * @property {boolean} [restricted] the folder is not trusted, until somebody says so in the workbench
 * @property {number} [timeoutMs]
 * @property {string} [vsix] a packaged extension to test instead of a folder
 * @property {string} [artifacts] folder for pictures, and for logs of a failed run
 * @property {boolean} [verbose]
 */

/** @returns {TestOptions & { host: string }} */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: 'server' },
      extension: { type: 'string' },
      tests: { type: 'string', default: 'out/tests/editor.js' },
      workspace: { type: 'string' },
      vsix: { type: 'string' },
      artifacts: { type: 'string', default: 'out/editor' },
      timeout: { type: 'string', default: String(SUITE_MS / 1000) },
      verbose: { type: 'boolean', short: 'v', default: false },
    },
  });
  const { host, tests, artifacts, timeout, verbose, workspace, vsix } = values;
  return {
    host,
    verbose,
    extension: path.resolve(values.extension ?? '.'),
    tests: path.resolve(tests),
    artifacts: path.resolve(artifacts),
    timeoutMs: Number(timeout) * 1000,
    ...(workspace ? { workspace: path.resolve(workspace) } : {}),
    ...(vsix ? { vsix: path.resolve(vsix) } : {}),
  };
}
