import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Gvisor } from './engine/gvisor';
import { attached, collect, start } from './far';

/** Another kernel: its terminals never tell that they are at their end. */
describe('a machine behind gVisor', function () {
  this.timeout(CASE_MS);
  const engine = new Gvisor();

  before(async function () {
    const missing = engine.missing() ?? (await engine.start().then(() => undefined, String));
    if (missing === undefined) return;
    console.log(`    gVisor is skipped: ${missing}`);
    this.skip();
  });

  it('has terminals that end, with all their output, but not while somebody has them open', async () => {
    await using far = attached(engine);
    const script = '(trap "" HUP; sleep 2; echo late) & stty size; tty; exit 4';
    const there = await start(far, script, { tty: true, size: { rows: 40, cols: 120 } });
    const { text, exitCode } = await collect(there);
    assert.match(text, /^40 120\r\n\/dev\/pts\/\d+\r\nlate\r\n$/);
    assert.equal(exitCode, 4);
  });
});
