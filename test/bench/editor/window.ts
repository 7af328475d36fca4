/** Our server inside an editor: one window for all scenarios, because it takes long to open. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { START_MS } from '../../../scripts/host/patience.mjs';
import { Gauge } from '../../support/gauge.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LOOK_MS = 100;
/** The workbench goes on loading for so long after our server is up, on all processors. */
const SETTLE_MS = 10_000;
/** Longer than any run. */
const OPEN_FOR_S = 24 * 3600;

export class EditorWindow {
  private constructor(
    readonly url: string,
    readonly gauge: Gauge,
    private readonly ended: Promise<string>,
    private readonly folder: string,
  ) {}

  /**
   * What drives the browser is a process of its own: in the client's it would make a large heap of a small one, in
   * which collecting what is received takes as long as receiving it, and no other server's client has that.
   */
  static async open(): Promise<EditorWindow> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-editor-'));
    const connection = join(folder, 'connection.json');
    const socket = join(folder, 'gauge');
    const options = {
      extension: ROOT,
      tests: join(ROOT, 'out/tests/bench.js'),
      artifacts: join(ROOT, 'out/bench'),
      timeout: String(OPEN_FOR_S),
    };
    const script = fileURLToPath(new URL('../../../scripts/host/test-in-editor.mjs', import.meta.url));
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, EXEC_SERVER_CONNECTION_FILE: connection, GAUGE_SOCKET: socket },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = text(child.stdout);
    let last: string | undefined;
    void ended.then((said) => (last = said));
    for (const end = Date.now() + START_MS; !existsSync(connection) || !existsSync(socket);) {
      if (last !== undefined) throw new Error(`the editor has ended: ${last.trim() || 'without a word'}`);
      if (Date.now() > end) {
        child.kill();
        throw new Error(`the editor took more than ${START_MS / 1000} s to open`);
      }
      await delay(LOOK_MS);
    }
    await delay(SETTLE_MS);
    const { url } = JSON.parse(readFileSync(connection, 'utf8')) as { url: string };
    return new EditorWindow(url, await Gauge.connect(socket), ended, folder);
  }

  async close(): Promise<void> {
    this.gauge.close();
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
