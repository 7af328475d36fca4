/** Files that the agent reads by itself: instructions, pictures, large ones. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { patch, viewImage } from '../calls';
import { asArray, asObject, asString } from '../json';
import { play } from '../stage';
import type { AgentTarget } from '../target';
import { ofMethod, params } from '../wireChecks';

/** A picture of one pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The largest frame that the agent takes. */
const FRAME_LIMIT = 16 * 1024 * 1024;

/** Defines the cases. */
export function fileScenarios(get: () => AgentTarget): void {
  it('reads AGENTS.md through the server', async () => {
    const { tap, model } = await play(
      get(),
      async (stage) => {
        assert.equal((await stage.exec('echo hi')).output, 'hi\n');
      },
      { prepare: (work) => writeFileSync(`${work}/AGENTS.md`, 'Always say plonk.\n') },
    );
    assert.match(JSON.stringify(model.requests[0]), /Always say plonk\./);
    const read = ofMethod(tap.messages, 'fs/readFile').map((message) => asString(params(message)['path']));
    assert.ok(read.some((path) => path.endsWith('/AGENTS.md')));
  });

  it('shows the model a picture', async () => {
    const { tap } = await play(get(), async (stage) => {
      writeFileSync(stage.path('dot.png'), Buffer.from(PNG, 'base64'));
      const [output] = await stage.model.turn([viewImage(stage.path('dot.png'))]);
      const urls = asArray(output).map((part) => asString(asObject(part)['image_url']));
      assert.ok(
        urls.some((url) => url.startsWith('data:image/png;base64,')),
        JSON.stringify(output),
      );
    });
    assert.equal(ofMethod(tap.messages, 'fs/readFile').length, 1);
  });

  it('patches a file of 20 MB: frames stay below 16 MiB', async function () {
    if (!get().splitsFrames) {
      console.log('        skipped: this server sends one frame, whatever the size');
      this.skip();
    }
    const { tap } = await play(get(), async (stage) => {
      const tail = 'a line of the large file\n'.repeat(800_000);
      writeFileSync(stage.path('large.txt'), `first\nsecond\n${tail}`);
      const result = await stage.one(
        patch('*** Update File: large.txt', '@@', ' first', '-second', '+changed'),
      );
      assert.match(result.text, /Success/, result.text.slice(0, 500));
      assert.ok(stage.file('large.txt') === `first\nchanged\n${tail}`, 'the file has the change only');
    });
    assert.ok(tap.largestFrame <= FRAME_LIMIT, `a frame of ${String(tap.largestFrame)} bytes`);
  });
}
