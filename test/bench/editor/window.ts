/** Our server inside an editor: one window for all scenarios, because it takes long to open. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Gauge } from '../../support/gauge.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OPEN_MS = 120_000;
const LOOK_MS = 100;
/** The workbench goes on loading for so long after our server is up, on all processors. */
const SETTLE_MS = 10_000;
/** Longer than any run. */
const OPEN_FOR_MS = 24 * 3_600_000;

interface Verdict {
  readonly trouble?: string;
}
type TestInEditor = (options: object) => Promise<Verdict>;

export class EditorWindow {
  private constructor(
    readonly url: string,
    readonly gauge: Gauge,
    private readonly ended: Promise<Verdict>,
    private readonly folder: string,
  ) {}

  static async open(): Promise<EditorWindow> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-editor-'));
    const connection = join(folder, 'connection.json');
    const socket = join(folder, 'gauge');
    const script = new URL('../../../scripts/host/test-in-editor.mjs', import.meta.url).href;
    const { testInEditor } = (await import(script)) as { testInEditor: TestInEditor };
    const ended = testInEditor({
      extension: ROOT,
      tests: join(ROOT, 'out/tests/bench.js'),
      artifacts: join(ROOT, 'out/bench'),
      env: { EXEC_SERVER_CONNECTION_FILE: connection, GAUGE_SOCKET: socket },
      timeoutMs: OPEN_FOR_MS,
    });
    let verdict: Verdict | undefined;
    void ended.then(
      (early) => (verdict = early),
      (error: unknown) => (verdict = { trouble: String(error) }),
    );
    for (const end = Date.now() + OPEN_MS; !existsSync(connection) || !existsSync(socket);) {
      if (verdict) throw new Error(`the editor has ended: ${verdict.trouble ?? 'without a word'}`);
      if (Date.now() > end) throw new Error(`the editor took more than ${OPEN_MS / 1000} s to open`);
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
