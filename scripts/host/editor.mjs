// Installs a real VS Code server and workbench from npm alone: no compiler, no install scripts, no download elsewhere.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { CODE_SERVER, fetchPackage, NODE, npm } from './packages.mjs';
import { START_MS } from './patience.mjs';
import { run, say } from './run.mjs';

/** Part of the cache key: raise it when the steps below change. */
const STEPS = 2;

/** Loaded on demand only, or replaced below; most of them would need a compiler, all are of no use to a test. */
const UNUSED = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/deviceid',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];

/** Wanted at start, native, and small enough to be stood in for: package → file beside this one. */
const STAND_INS = { '@vscode/spdlog': 'spdlog.cjs', '@vscode/native-watchdog': 'native-watchdog.cjs' };

/** The server needs this function of Node: 22.15 and later have it. */
const HERE_RUNS_IT = 'registerHooks' in createRequire(import.meta.url)('node:module');

/**
 * @typedef {{ node: string, main: string }} Editor the Node binary and the server's main module
 * @returns {Promise<Editor>}
 */
export async function provideEditor() {
  const here = `${process.platform}-${process.arch}`;
  const pin = HERE_RUNS_IT ? undefined : NODE[here];
  if (!HERE_RUNS_IT && !pin) {
    throw new Error(
      `no Node for ${here} can be had from npm: run this with Node 24, or set VSCODE_EXECUTABLE to a desktop VS Code`,
    );
  }
  const folder = await cached(
    `editor-${CODE_SERVER.version}-${pin ? `node${pin.version}-` : ''}${here}-${STEPS}`,
    async (draft) => {
      say(`installing VS Code (${CODE_SERVER.name}@${CODE_SERVER.version} of npm), once`);
      await Promise.all([installNode(pin, draft), installServer(draft)]);
      await proveItLoads(locate(draft, pin !== undefined));
    },
  );
  return locate(folder, pin !== undefined);
}

/** @param {string} folder @param {boolean} ownNode @returns {Editor} */
function locate(folder, ownNode) {
  return {
    node: ownNode ? path.join(folder, NODE_FILE) : process.execPath,
    main: path.join(folder, 'vscode', 'out', 'server-main.js'),
  };
}

const NODE_FILE = process.platform === 'win32' ? 'node.exe' : 'node';

/** @param {import('./packages.mjs').Pin | undefined} pin @param {string} draft */
async function installNode(pin, draft) {
  if (!pin) return;
  const binary = await fetchPackage(pin, `bin/${NODE_FILE}`, draft);
  renameSync(binary, path.join(draft, NODE_FILE));
  chmodSync(path.join(draft, NODE_FILE), 0o755);
}

/** @param {string} draft */
async function installServer(draft) {
  const folder = path.join(draft, 'vscode');
  renameSync(await fetchPackage(CODE_SERVER, 'lib/vscode', draft), folder);

  const manifest = path.join(folder, 'package.json');
  const json = JSON.parse(readFileSync(manifest, 'utf8'));
  for (const name of [...UNUSED, ...Object.keys(STAND_INS)]) delete json.dependencies[name];
  writeFileSync(manifest, JSON.stringify(json, null, 2));
  // Not `npm ci`: it finds the shrinkwrap incomplete. `install` keeps the versions in it and adds what is missing.
  await npm(['install', '--omit=dev', '--engine-strict=false'], folder);

  for (const [name, file] of Object.entries(STAND_INS))
    standIn(path.join(folder, 'node_modules', name), name, file);
  // 41 MB that no test wants. Other built-in extensions must stay: the workbench asks for them by name.
  rmSync(path.join(folder, 'extensions', 'copilot'), { recursive: true, force: true });
}

/** @param {string} target @param {string} name @param {string} file */
function standIn(target, name, file) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: file }));
  copyFileSync(fileURLToPath(new URL(`stand-ins/${file}`, import.meta.url)), path.join(target, file));
}

/** Before the folder counts as complete: the server answers, and the terminal's native part fits this machine. @param {Editor} editor */
async function proveItLoads({ node, main }) {
  if (!existsSync(main)) throw new Error('the package has no server');
  await run(node, [main, '--version'], { timeoutMs: START_MS });
  const pty = path.join(path.dirname(main), '..', 'node_modules', 'node-pty');
  await run(node, ['-e', 'require(process.argv[1])', pty], { timeoutMs: START_MS });
}
